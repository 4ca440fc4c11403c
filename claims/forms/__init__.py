"""The forms that pages and the admin share: what is asked for, and how it is handed to an action.

A form checks shapes (a date, an address, a choice) and keeps typed words; whether an act is possible is the
action's question. Every form takes part in one action and knows how to call it with its values.
"""
