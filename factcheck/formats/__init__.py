"""How each language writes dates, where the workbench differs from Django's own formats."""
