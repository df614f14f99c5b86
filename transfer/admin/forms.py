"""The admin's forms for generators: they check what was sent; `transfer.services` acts on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

import ml

# Sample sheets by which a training can be watched, however short it is, but not so many that judging slows it down, or
# that a page cannot show them.
FEWEST_SHEETS, MOST_SHEETS, RAREST = 16, 100, 250
DEFAULTS = ml.GanSettings()
FEWEST_JUDGED, MOST_JUDGED = 50, 1000
KINDS = [
    ("field", _("Field: seamless pictures of any size, which paintings can start from")),
    ("single", _("Single: the paper's, one picture of one size a latent")),
]


class TrainingSetForm(forms.Form):
    """An archive of pictures, and what people need to know about them."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("What the pictures are"),
        help_text=_("Shown to painters as what the generator was trained on."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    licence = forms.CharField(
        label=_("Licence"), help_text=_("By what right they are used, such as CC0 or our own work."), max_length=200
    )
    archive = forms.FileField(
        label=_("Archive"),
        help_text=_("A zip or tar file of pictures. It is read whole before it is stored, which may take a while."),
    )


class TrainingForm(forms.Form):
    """The settings of a training that matter; the engine has the last word on them."""

    name = forms.CharField(label=_("Name"), help_text=_("As painters will see it."), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="field", widget=forms.RadioSelect)
    size = forms.TypedChoiceField(
        label=_("Size"),
        help_text=_("What the discriminator sees at once. Larger ones learn larger forms, and take longer."),
        choices=[(size, f"{size} px") for size in (32, 64, 128, 256)],
        coerce=int,
        initial=64,
    )
    width = forms.IntegerField(
        label=_("Width"),
        help_text=_("Channels of the finest layer. The model's size and time grow with its square."),
        initial=DEFAULTS.width,
        min_value=8,
        max_value=128,
    )
    steps = forms.IntegerField(
        label=_("Steps"),
        help_text=_("The best generator on the way is kept."),
        initial=DEFAULTS.steps,
        min_value=1,
        max_value=10**6,
    )
    batch = forms.IntegerField(
        label=_("Batch"), help_text=_("Pictures a step."), initial=DEFAULTS.batch, min_value=2, max_value=1024
    )
    seed = forms.IntegerField(
        label=_("Seed"), help_text=_("The same seed trains the same generator."), initial=0, min_value=0
    )
    average = forms.FloatField(
        label=_("Average"),
        help_text=_("Decay of the moving average of the generator, which is what is kept; 0 keeps the last one."),
        initial=DEFAULTS.average,
        min_value=0,
        max_value=0.99999,
    )
    augment = forms.BooleanField(
        label=_("Augment"),
        help_text=_("Shift and recolour what the discriminator sees. Helps where there are few pictures."),
        initial=True,
        required=False,
    )
    spectral_norm = forms.BooleanField(
        label=_("Spectral norm"),
        help_text=_("Hold the discriminator back where it wins too easily."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._settle_settings(cleaned)
        return cleaned

    def _settle_settings(self, cleaned: dict[str, Any]) -> None:
        chosen = {name: value for name, value in cleaned.items() if name != "name"}
        steps = chosen["steps"]
        every = max(1, min(RAREST, steps // FEWEST_SHEETS), steps // MOST_SHEETS)
        # A short training is judged by few pictures, or most of its time would go into judging.
        judged = min(MOST_JUDGED, FEWEST_JUDGED + steps)
        try:
            cleaned["settings"] = ml.GanSettings(**chosen, evaluate_every=every, judged=judged)
        except ml.SettingsError as error:
            self.add_error(None, str(error))
