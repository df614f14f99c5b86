"""Sentences of Django's that this site translates otherwise: Django's Chinese is less polite than its pages, and in the
admin says what is something else here, such as closing an account where it means signing out.

Nothing reads them here; `make messages` collects them, and the site's catalogue goes before Django's.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

BORROWED = (
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    gettext_noop("Log out"),
    gettext_noop("None available"),
    gettext_noop("Select %s to view"),
    gettext_noop("Select %s to change"),
    gettext_noop("Recent actions"),
    gettext_noop("My actions"),
)
