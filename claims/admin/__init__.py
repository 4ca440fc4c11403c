"""How is the desk's work done in the stock admin? Every model to browse and search, and the claim's whole way.

Nothing is written here: every change goes through the forms and actions that the pages use. The site
registers what the modules below have put into ``guarded.ADMINS`` when it is made.
"""

from claims.admin import archive, claim, desks, evidence, feeds, operations, reviews, tags

__all__ = ["archive", "claim", "desks", "evidence", "feeds", "operations", "reviews", "tags"]
