"""allauth's forms in the site's own words, and those it has not."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(LoginForm):  # type: ignore[misc]
    """The sign-in form, which says what may be typed where allauth says "Login"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail")
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].widget.attrs.pop("placeholder", None)


class DeleteAccountForm(forms.Form):
    """Whoever deletes an account types its name, so that it does not happen by a slip."""

    username = forms.CharField(
        label=_("Type your username to confirm"), widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user: User = user

    def clean_username(self) -> str:
        if self.cleaned_data["username"] != self.user.username:
            raise forms.ValidationError(_("This is not your username."))
        return self.user.username

    def clean(self) -> dict[str, Any]:
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.user.pk)
        if self.user.is_superuser and not others.exists():
            raise forms.ValidationError(_("You are the only administrator. Make somebody else one first."))
        return super().clean() or self.cleaned_data
