"""What would this form do, said in words? For the page that asks before an act of unknown hands is done.

Every address that takes forms has its words; a test compares the table with the addresses.
"""

from __future__ import annotations

from django.urls import ResolverMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "profile": _("Change your own profile"),
    "switch": _("Change your own colours or keys"),
    "leave-desk": _("Leave a desk and give up your roles there"),
    "invitation-answer": _("Answer an invitation to a desk"),
    "add": _("Add an article"),
    "claim-new": _("Add a claim that stands in no article"),
    "document-publication": _("Change the publication date of article %(pk)s"),
    "document-metadata": _("Change title, outlet or readers of article %(pk)s"),
    "document-select": _("Make a claim of words in article %(pk)s"),
    "document-merge": _("Merge suggested claims of article %(pk)s"),
    "document-finish": _("Finish article %(pk)s: what is open is not selected"),
    "document-reopen": _("Open article %(pk)s again"),
    "document-undo": _("Undo the last act on article %(pk)s"),
    "document-reanalyse": _("Split article %(pk)s anew"),
    "document-suggest": _("Ask the language model about article %(pk)s"),
    "document-proposal": _("Take over what a new analysis of article %(pk)s proposes"),
    "appearance-accept": _("Accept suggested claim %(pk)s"),
    "appearance-dismiss": _("Dismiss suggested claim %(pk)s"),
    "appearance-reopen": _("Open suggested claim %(pk)s again"),
    "appearance-span": _("Move the bounds of suggested claim %(pk)s"),
    "appearance-split": _("Split suggested claim %(pk)s"),
    "bulk": _("Change many claims at once"),
    "claim-wording": _("Change the wording of claim %(pk)s"),
    "claim-claimant": _("Change who made claim %(pk)s"),
    "claim-checks": _("Change what is checked in claim %(pk)s"),
    "claim-dates": _("Change the dates of claim %(pk)s"),
    "claim-article-dates": _("Take the dates of its article over into claim %(pk)s"),
    "claim-merge": _("Merge claim %(pk)s into another"),
    "claim-search": _("Search the archive for claim %(pk)s"),
    "claim-outside": _("Log a search made elsewhere for claim %(pk)s"),
    "evidence-rest": _("Mark the remaining evidence of claim %(pk)s as not used"),
    "evidence-add": _("Add evidence to claim %(pk)s"),
    "evidence": _("Decide about evidence %(pk)s"),
    "match-decide": _("Confirm or reject an earlier fact check as a match"),
    "review-take": _("Start work on review %(pk)s"),
    "review-put-down": _("Put review %(pk)s down"),
    "review-put-back": _("Put review %(pk)s back into the queue"),
    "review-assign": _("Assign review %(pk)s to somebody"),
    "review-close": _("Close review %(pk)s without a publication"),
    "review-reopen": _("Open review %(pk)s again"),
    "review-draft": _("Store the draft of review %(pk)s"),
    "review-preview": _("Look at what review %(pk)s would publish"),
    "review-submit": _("Submit a verdict for approval in review %(pk)s"),
    "review-publish": _("Publish review %(pk)s"),
    "review-publish-at": _("Set when review %(pk)s is published"),
    "review-hold": _("Hold the publication of review %(pk)s"),
    "verdict-tick": _("Tick a source of verdict %(pk)s as read"),
    "verdict-approve": _("Approve verdict %(pk)s"),
    "verdict-return": _("Return verdict %(pk)s to its author"),
    "verdict-propose": _("Propose another wording of verdict %(pk)s"),
    "verdict-recall": _("Recall verdict %(pk)s"),
    "proposal-decide": _("Accept or decline proposal %(pk)s"),
    "factcheck-suspend": _(
        "Suspend published fact check %(pk)s: its page shows a notice instead of the rating"
    ),
    "factcheck-reinstate": _("Put suspended fact check %(pk)s back"),
    "factcheck-withdraw": _("Withdraw published fact check %(pk)s"),
    "factcheck-correct": _("Open a correction of published fact check %(pk)s"),
    "job-retry": _("Run job %(pk)s again"),
    "job-cancel": _("Cancel job %(pk)s"),
    "source-owner": _("Say who owns an outlet"),
    "reindex": _("Rebuild the search index"),
    "index-again": _("Index again what failed"),
    "claimant-change": _("Change claimant %(pk)s"),
    "claimant-alias": _("Give claimant %(pk)s another name"),
    "claimant-merge": _("Merge claimant %(pk)s into another"),
    "claimant-split": _("Split a name off claimant %(pk)s"),
    "settings": _("Change the settings of the desk"),
    "settings-scale": _("Change the rating scale of the desk"),
    "settings-key": _("Make an API key"),
    "key-revoke": _("Revoke API key %(pk)s"),
    "people": _("Let somebody work at the desk"),
    "person-roles": _("Change the roles of person %(pk)s"),
    "person-link": _("Make a login link for person %(pk)s"),
    "person-remove": _("Remove person %(pk)s from the desk"),
    "person-deactivate": _("Close the account of person %(pk)s"),
    "person-reactivate": _("Open the account of person %(pk)s again"),
    "invitation-withdraw": _("Withdraw an invitation"),
    "claims_claim_bulk": _("Change many claims at once, in the admin"),
    "claims_appearance_bulk": _("Change many suggested claims at once, in the admin"),
    "claims_claim_act": _("Change claim %(pk)s in the admin: %(act)s"),
}


def act_in_words(match: ResolverMatch) -> str:
    """Return the words of an address, with the numbers that stand in it."""
    words = WORDS.get(match.url_name or "", _("Send a form"))
    return str(words) % match.kwargs if match.kwargs else str(words)
