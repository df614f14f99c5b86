"""Forms of the account's pages: allauth's in the site's own words, and the site's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SignupForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MailWish, Scope, User
from accounts.outside import is_public
from accounts.tokens import revoke_all_tokens

LIFETIMES = [("7", _("A week")), ("30", _("A month")), ("365", _("A year")), ("", _("Until it is revoked"))]


class InOwnWords(forms.Form):
    """A form of allauth's with the site's words for what is typed, and without placeholders that repeat them."""

    WORDS = {
        "login": _("Username or e-mail"),
        "email": _("E-mail address"),
        "oldpassword": _("Current password"),
        "password2": _("New password, again"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.WORDS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(InOwnWords, LoginForm):  # type: ignore[misc]
    pass


class SignUpForm(InOwnWords, SignupForm):  # type: ignore[misc]
    pass


class AddressForm(InOwnWords, AddEmailForm):  # type: ignore[misc]
    pass


class LostPasswordForm(InOwnWords, ResetPasswordForm):  # type: ignore[misc]
    pass


class PasswordAgainForm(InOwnWords, ReauthenticateForm):  # type: ignore[misc]
    pass


class AsksForTokens(InOwnWords):
    """A form with a new password. Whoever fears that somebody else knew the old one wants no token of theirs to last;
    whoever does not would find their programs shut out: so they are asked."""

    WORDS = InOwnWords.WORDS | {"password1": _("New password")}

    revoke_tokens = forms.BooleanField(
        label=_("Revoke my API tokens too"),
        help_text=_("Programs that use them are shut out until you give them new ones."),
        initial=True,
        required=False,
    )
    user: User | None
    """None where the link to a new password is good no longer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.user and self.user.api_tokens.exists()):
            del self.fields["revoke_tokens"]

    def save(self) -> None:
        super().save()  # type: ignore[misc]
        if self.user and self.cleaned_data.get("revoke_tokens"):
            revoke_all_tokens(user=self.user)


class NewPasswordForm(AsksForTokens, ChangePasswordForm):  # type: ignore[misc]
    field_order = ["oldpassword", "password1", "password2", "revoke_tokens"]


class ForgottenPasswordForm(AsksForTokens, ResetPasswordKeyForm):  # type: ignore[misc]
    field_order = ["password1", "password2", "revoke_tokens"]


def not_of_this_network(url: str) -> None:
    """What can be told by looking; what the name resolves to is looked at whenever a message is sent."""
    host = urlsplit(url).hostname or ""
    try:
        private = not is_public(host)
    except ValueError:
        private = False
    if private or (host == "localhost" and not is_public("127.0.0.1")):
        raise ValidationError(_("This address is not on the public network."), code="private")


class WebhookForm(forms.Form):
    """An address that is told when jobs end."""

    url = forms.URLField(
        label=_("Address"),
        help_text=_("We post to it when a job ends, signed with a secret that is shown only once."),
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(["http", "https"]), not_of_this_network],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )


class NotificationsForm(forms.Form):
    """When one is written to."""

    mail_when_done = forms.ChoiceField(
        label=_("An e-mail when a painting is done"), choices=MailWish.choices, widget=forms.RadioSelect
    )


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


class TokenForm(forms.Form):
    """What a new API token is called, what it may do, and how long it lasts."""

    name = forms.CharField(
        label=_("Name"), help_text=_("So that you know it again: the program that uses it."), max_length=80
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.READ, Scope.WRITE],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.ChoiceField(label=_("How long it lasts"), choices=LIFETIMES, initial="365", required=False)

    def clean_expires_at(self) -> datetime | None:
        days = self.cleaned_data["expires_at"]
        return timezone.now() + timedelta(days=int(days)) if days else None
