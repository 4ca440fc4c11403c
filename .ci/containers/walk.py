"""The work of two people through the published port: from a pasted article to a feed, and looks at it afterwards.

All texts are invented. What is promised about them is small and sure: one sentence of the article becomes a claim,
one document of the archive contradicts it in the same words.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from visitor import Failed, Form, Page, Visitor

SLUG = "lenna"
ADA, BEN = "ada@desk.example", "ben@desk.example"
ARTICLE = """Ferry of Port Lenna carried more people than ever

Port Lenna, 9 March 2026. The ferry of Port Lenna carried 48,000 passengers in February 2026, the harbour \
authority said on Monday. "We have never had such a February," said its director, Tomas Reik.

The crossing takes 25 minutes. The authority employs 62 people at the quay and plans a second ship for 2028."""
SECOND = """The mole of Lenna gets lamps

Lenna, 12 March 2026. The town pays 140,000 crowns for the lamps on the old mole, mayor Ines Vark said on Thursday. \
Forty lamps were ordered in February 2026. The building office had named 90,000 crowns."""
SENTENCE = "48,000 passengers"
ARCHIVE = [
    {
        "text": "Ferry traffic in February\n\nThe harbour register shows that the ferry of Port Lenna carried 31,000 "
        "passengers in February 2026, fewer than in January. The register counts every passenger at the gate of the "
        "ferry of Port Lenna.",
        "title": "Ferry traffic in February",
        "url": "https://register.example/ferry-february",
        "published": "2026-03-04",
        "outlet": "Harbour Register",
    },
    {
        "text": "Lamps on the old mole\n\nThe town of Lenna puts new lamps on the old mole. The work begins in May and "
        "costs 90,000 crowns, the building office writes.",
        "title": "Lamps on the old mole",
        "url": "https://register.example/lamps",
        "published": "2026-03-02",
        "outlet": "Harbour Register",
    },
]
WORDING = "The ferry of Port Lenna carried 48,000 passengers in February 2026."
HEADLINE = "The ferry carried 31,000, not 48,000"
ANSWER = "carried 31,000 passengers in February 2026"
ASKED = (
    "import json; from claims.models import SearchRun; print(json.dumps([question['text'] for run in "
    "SearchRun.objects.filter(claim={claim}) for question in run.questions]))"
)
FEEDS = ("claimreview.json", "feed.json", "atom.xml", "rss.xml", "verdicts.csv")


def until(what: str, seconds: float, look: Callable[[], object], pause: float = 0.25) -> float:
    """Look until there is something; return after how many seconds, raise Failed when the time is over."""
    begun = time.monotonic()
    problem = ""
    while time.monotonic() - begun < seconds:
        try:
            if look():
                return round(time.monotonic() - begun, 1)
        except Failed as error:
            problem = f" ({error})"
        time.sleep(pause)
    raise Failed(f"{what}: not within {seconds:.0f} s{problem}")


@dataclass
class Walk:
    """Who works, where, and what they made."""

    person: Callable[[], Visitor]
    manage: Callable[..., str]
    took: dict[str, float] = field(default_factory=dict)
    claim: str = ""
    document: str = ""
    check: str = ""

    def arrive(self) -> None:
        """The first administrator comes in by a one-time link, adds a colleague and gives them one as well."""
        link = self.manage(
            "make_desk",
            "--slug",
            SLUG,
            "--name",
            "Desk of Lenna",
            "--email",
            ADA,
            "--person",
            "Ada Birk",
            "--link",
        )
        self.ada = self._by_link(link)
        people = self.ada.get(f"/desk/{SLUG}/settings/people/")
        self.ada.send(
            people,
            f"/desk/{SLUG}/settings/people/",
            email=BEN,
            display_name="Ben Olm",
            roles=["reviewer", "desk_editor"],
        )
        self.ben = self._by_link(self.manage("login_link", BEN))

    def _by_link(self, link: str) -> Visitor:
        who = self.person()
        address = "/login/link/" + link.strip().split("/login/link/")[1]
        who.send(who.get(address), "/")
        if who.open(address).status != 410:
            raise Failed("a login link can be used twice")
        home = who.get("/desk/")
        if "/logout/" not in home.body.decode():
            raise Failed("the link did not sign in")
        return who

    def fill_archive(self) -> None:
        lines = "\n".join(json.dumps(row) for row in ARCHIVE)
        told = self.manage(
            "ingest", "/tmp/archive.jsonl", "--desk", SLUG, "--no-analysis", "--json", feed=lines
        )
        if json.loads(told)["counts"] != {"new": len(ARCHIVE)}:
            raise Failed(f"the archive was not taken in: {told}")
        self.took["archive indexed"] = until("index and database agree", 180, self.index_agrees, 1.0)

    def index_agrees(self) -> bool:
        return bool(self.manage("compare_index", check=False))

    def paste(self) -> None:
        """Paste the article, wait for its claims and accept one."""
        page = self.ada.send(self.ada.get(f"/desk/{SLUG}/add/"), f"/desk/{SLUG}/add/", what=ARTICLE)
        self.document = re.sub(r"[?#].*", "", page.address)
        self.took["split"] = until("the article is split", 120, self._card, 0.2)
        page = self.ada.get(self.document)
        form = self._card()
        self.ada.send(page, form.action, button="Accept", form=form, wording=WORDING)
        links = [
            link for link in self.ada.get(self.document).html.links if re.fullmatch(r"/claims/\d+/", link)
        ]
        if not links:
            raise Failed("nothing was accepted")
        self.claim = links[0]

    def _card(self) -> Form | None:
        """Return the form that accepts the suggested claim, where it is there."""
        for form in self.ada.get(self.document).html.forms.values():
            if form.action.endswith("/accept/") and any(SENTENCE in value for _name, value in form.fields):
                return form
        return None

    def hand_in(self) -> str:
        """Paste another article and return its address at once."""
        page = self.ada.send(self.ada.get(f"/desk/{SLUG}/add/"), f"/desk/{SLUG}/add/", what=SECOND)
        return re.sub(r"[?#].*", "", page.address)

    def is_split(self, address: str) -> bool:
        return any(form.action.endswith("/accept/") for form in self.ada.get(address).html.forms.values())

    def judge(self) -> None:
        """Wait for the evidence, cite it, write the verdict and submit it."""
        self.took["evidence"] = until("evidence is found", 120, self._found, 0.2)
        page = self.ada.get(self.claim)
        source = self._source(page)
        self.ada.send(page, source, button="refutes")
        self.ada.send(self.ada.get(self.claim), source, button="Cite")
        page = self.ada.get(self.claim)
        editor = page.form("/submit/")
        number = source.strip("/").split("/")[-1]
        values: dict[str, str | list[str]] = {
            "wording": WORDING,
            "headline": HEADLINE,
            "rating": editor.choices["rating"][0],
            "short_answer": "The harbour register counts 31,000 passengers in February 2026.",
            "justification": f"The register counted 31,000 at the gate [e:{number}].",
        }
        if "confirm_wording" in editor.choices:
            values["confirm_wording"] = editor.choices["confirm_wording"]
        page = self.ada.send(page, "/submit/", button="Submit", **values)
        if "Submitted" not in page.text:
            raise Failed(f"the verdict was not submitted: {page.text[:600]}")

    def _found(self) -> bool:
        return ANSWER in self.ada.get(self.claim).text

    def _source(self, page: Page) -> str:
        """Return the address of the evidence that holds the contradicting words."""
        for number in re.findall(r'id="e(\d+)"', page.body.decode()):
            part = page.body.decode().split(f'id="e{number}"', 1)[1].split("</article>", 1)[0]
            if "31,000" in part:
                return f"/evidence/{number}/"
        raise Failed("no evidence holds the number of the register")

    def approve(self) -> None:
        """Ada may not approve her own verdict; Ben opens and ticks each of its sources and does."""
        links = [link for link in self.ada.get(self.claim).html.links if re.match(r"/verdicts/\d+/$", link)]
        if not links:
            raise Failed("the claim page does not lead to the verdict")
        if any("/approve/" in form.action for form in self.ada.get(links[0]).html.forms.values()):
            raise Failed("the author is offered to approve")
        found = [link for link in self.ben.get(links[0]).html.links if link.startswith("?source=")]
        sources = list(dict.fromkeys(link.partition("#")[0] for link in found))
        if not sources:
            raise Failed("the page of the version leads to no source")
        for source in sources:
            self.ben.send(self.ben.get(links[0] + source), "/tick/", button="Opened")
        page = self.ben.send(self.ben.get(links[0]), "/approve/", button="Approve")
        if "Approved and published" not in page.text:
            raise Failed(f"not approved: {page.text[:600]}")

    def feeds(self) -> dict[str, bytes]:
        """Return the bytes of every feed as anybody reads them; each must hold the check."""
        reader = self.person()
        found = {name: reader.get(f"/feeds/{name}").body for name in FEEDS}
        for name, body in found.items():
            if HEADLINE.encode() not in body and b"48,000 passengers" not in body:
                raise Failed(f"the check is not in {name}")
        return found

    def published(self) -> None:
        self.took["in the feeds"] = until("the check is in the feeds", 60, self.feeds, 0.2)

    def work_goes_on(self, words: str, seconds: float = 90) -> float:
        """Both people are still signed in, and a search in words never asked before is done."""
        self.ben.get(f"/desk/{SLUG}/")
        self.ask(words)
        return until(f"the search for {words!r} is done", seconds, lambda: self.answered(words))

    def ask(self, words: str) -> None:
        self.ada.send(self.ada.get(self.claim), f"{self.claim}search/", own_words=words)

    def answered(self, words: str) -> bool:
        """Tell whether the log of searches holds these words."""
        return words in json.loads(
            self.manage("shell", "-v", "0", "-c", ASKED.format(claim=self.claim.split("/")[2]))
        )

    def searching(self) -> str:
        """Return what the claim page says of the search under way."""
        return self.ada.get(f"{self.claim}search/").text
