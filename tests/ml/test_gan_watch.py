"""What is said of trainings that go wrong."""

from __future__ import annotations

from ml.gan_watch import SETTLING, Judgement, Watch


def test_a_training_that_goes_well_is_not_warned_of() -> None:
    watch = Watch()
    for _ in range(1000):
        watch.see_step(real=0.7, fake=0.3)
    watch.see_judgement(Judgement(frechet=40, variety=0.8), best=40, best_step=1000)

    assert watch.notes == ()


def test_a_discriminator_that_has_won_is_said_and_no_longer_when_the_generator_is_back() -> None:
    watch = Watch()
    for _ in range(SETTLING + 200):
        watch.see_step(real=0.999, fake=0.001)
    assert "tells every picture apart" in str(watch.notes[0])

    for _ in range(100):
        watch.see_step(real=0.6, fake=0.4)
    assert watch.notes == ()


def test_mode_collapse_is_said() -> None:
    watch = Watch()

    watch.see_judgement(Judgement(frechet=200, variety=0.03), best=200, best_step=10)

    assert [str(note) for note in watch.notes] == [
        "Mode collapse: the samples differ among themselves by 3% of what the pictures do."
    ]


def test_a_training_that_falls_apart_says_which_step_is_kept() -> None:
    watch = Watch()

    watch.see_judgement(Judgement(frechet=120, variety=0.5), best=50, best_step=4000)

    assert "since step 4000" in str(watch.notes[0])


def test_it_goes_on_where_another_stood() -> None:
    watch, other = Watch(), Watch()
    for _ in range(SETTLING + 200):
        watch.see_step(real=0.999, fake=0.001)

    other.load_state_dict(watch.state_dict())

    assert other.notes == watch.notes
    assert other.state_dict() == watch.state_dict()
