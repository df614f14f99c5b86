"""What the engine raises. Every message is one sentence that names the value that was wrong."""


class EngineError(Exception):
    """Base of all that goes wrong in the engine."""


class SettingsError(EngineError, ValueError):
    """A setting outside its range."""


class WeightsMissing(EngineError):
    """The feature network's weights are not on this machine, or damaged."""


class WeightsUnavailable(EngineError):
    """No source gave the feature network's weights."""


class Diverged(EngineError):
    """The optimisation found no finite step, or a training came to numbers that are none."""


class NotEnoughMemory(EngineError):
    """A painting takes more memory than there is, whichever way it is looked at."""


class Stopped(EngineError):
    """`should_stop` asked for the end."""


class RecordError(EngineError):
    """No painting's record where one was expected, or one of other pictures."""


class ForeignCheckpoint(EngineError):
    """A checkpoint of other settings or pictures, where one's own was to be gone on from."""


class GeneratorError(EngineError):
    """A file that is not the generator it should be, or none at all."""


class TrainingImagesError(EngineError):
    """What was given to learn from is no set of pictures."""


class TooManyImages(TrainingImagesError):
    """More pictures to learn from than memory should hold."""


class UsageError(Exception):
    """What was asked of the command line cannot be done; the message is one sentence for who typed it."""


def in_words(error: Exception) -> str:
    """What to tell people of an error; of the system's own, what is wrong with which file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def is_out_of_memory(error: Exception) -> bool:
    """Whether the memory of the machine, or of its GPU, did not suffice."""
    words = str(error).lower()
    exhausted = "out of memory" in words or "can't allocate memory" in words
    return isinstance(error, MemoryError | NotEnoughMemory) or (isinstance(error, RuntimeError) and exhausted)
