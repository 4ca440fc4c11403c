"""Invented reports on one story at Lake Ostra: an agency text, copies, a rewrite, a separate report."""

from __future__ import annotations

AGENCY = """OSTRA, Oct 14 (Reuters) - The regional water board closed the road beside Lake Ostra on Wednesday
after divers found two cracks in the wall of the weir, officials of the board said.

The road will stay closed for at least three days while the gate is repaired and the level of the lake is
lowered by one metre, the board said in a letter to the council of Upper Ostra.

“We found two cracks in the wall, and water was leaking through one of them, but the wall was never broken,”
the board's engineer Pavel Novak said at a news conference.

Residents of the lower village had complained about damp cellars since the beginning of September, when the
lake reached its highest level in eleven years.

The repair will cost about 4.2 million crowns and will be paid for out of a fund that the region set up after
the flood of 2002."""

COPY_WITH_NEW_HEAD = (
    "Alarm at the lake: what is behind the closed road?\n\nDrivers had to turn back this morning.\n\n"
    + AGENCY.replace("OSTRA, Oct 14 (Reuters) - ", "")
)

CUT = "\n\n".join(AGENCY.split("\n\n")[:2])

EDITED = AGENCY.replace("officials of the board said", "the board's officials told reporters").replace(
    "about 4.2 million", "more than four million"
)

REWRITE_WITH_CREDIT = """Cracks in the weir: road at Lake Ostra closed

Cars cannot use the lakeside road until the weekend. Divers discovered two cracks in the wall of the weir,
Reuters reports, and the level of the lake is now being lowered so that the gate can be repaired.

The regional water board puts the price of the repair at 4.2 million crowns. People in the lower village have
had damp cellars since September."""

OWN_REPORT = """Village demands answers about its lake

By Ana Ruiz, at Lake Ostra

At the inn of the lower village there is only one subject this week. Marta Benes, who has lived below the weir
for forty years, shows pictures of her cellar on her telephone: the walls are black up to the knee.

She wrote to the council twice and never heard back, she says. The mayor did not wish to comment when we
visited his office on Thursday, and a spokeswoman sent us to the region.

“We found two cracks in the wall, and water was leaking through one of them, but the wall was never broken,”
the engineer Pavel Novak repeated when we met him at the lock.

A geologist at the technical university, Irena Vesela, considers the damp cellars a matter of groundwater
rather than of the weir, and points to maps from the nineteen seventies."""

UNRELATED = """The orchestra of Upper Ostra begins its season with three concerts in the new hall

Tickets for the first evening were sold out within an hour, the director of the hall said. On the programme
are works by Dvorak and Janacek, conducted for the first time by Lenka Mala, who was chosen by the musicians
in the spring.

The hall was built in two years on the site of the old brewery and has room for four hundred listeners.
Critics had praised its acoustics after a rehearsal that was open to the public."""
