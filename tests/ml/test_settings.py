from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ml.errors import SettingsError
from ml.settings import PRESETS, Settings


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size": 5}, "size is 5; it must be from 32 to 8192"),
        ({"seed": -1}, "seed is -1"),
        ({"style_weight": float("nan")}, "style_weight is nan"),
        ({"tv_weight": -0.5}, "tv_weight is -0.5"),
        ({"style_scale": 9}, "style_scale is 9"),
        ({"init": "gradient"}, "init is 'gradient'"),
        ({"colours": "sepia"}, "colours is 'sepia'"),
        ({"evenness": 2}, "evenness is 2"),
        ({"network": "resnet"}, "network is 'resnet'"),
        ({"content_layer": "relu9_9"}, "no layer 'relu9_9'"),
        ({"style_layers": ()}, "style_layers is ()"),
        ({"style_layers": (("relu1_1", -1.0), ("relu2_1", 2.0))}, "weights from 0 to 1e+06"),
        ({"style_layers": (("relu1_1", 1e308), ("relu2_1", 1e308))}, "weights from 0 to 1e+06"),
        ({"style_layers": (("relu3_1", 1.0), ("relu3_1", 2.0))}, "must name each layer once"),
        ({"coarsest": 8}, "coarsest is 8"),
        ({"blend": (0.0, 0.0)}, "blend is (0.0, 0.0)"),
        ({"blend": (1e308, 1e308)}, "weights from 0 to 1e+06"),
        ({"blend": (float("nan"), 1.0)}, "blend is (nan, 1.0)"),
        ({"seed": 1.5}, "seed is 1.5; it must be a whole number"),
        ({"coarse_steps": True}, "coarse_steps is True; it must be from 1 to 100000"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(**wrong)
    assert words in str(caught.value)


def test_a_preset_gives_way_to_what_is_said_beside_it() -> None:
    assert Settings.for_preset("draft", size=333).size == 333
    with pytest.raises(SettingsError, match="no preset 'quick'"):
        Settings.for_preset("quick")


def test_a_finer_preset_takes_more_steps() -> None:
    draft, standard, fine = (Settings.for_preset(name).total_steps for name in ("draft", "standard", "fine"))

    assert draft < standard < fine
    assert set(PRESETS) == {"draft", "standard", "fine"}


def test_steps_go_from_many_at_the_coarsest_scale_to_few_at_the_finest() -> None:
    settings = Settings(size=512, coarse_steps=160, fine_steps=40)

    assert settings.steps_per_scale == (160, 113, 80, 57, 40)
    assert settings.total_steps == 450


def test_several_styles_are_weighed_to_a_sum_of_one() -> None:
    assert Settings(blend=(3, 1)).blend_of(2) == (0.75, 0.25)
    assert Settings().blend_of(2) == (0.5, 0.5)
    with pytest.raises(SettingsError, match="2 weights for 3"):
        Settings(blend=(3, 1)).blend_of(3)


def test_settings_and_picture_decoding_come_without_loading_torch() -> None:
    uses = "ml.Settings(); ml.decode_picture; ml.weights_path(); ml.WeightsMissing"
    code = f"import sys, ml; {uses}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
