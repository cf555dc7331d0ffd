"""What machine this is: device, processor, precision."""

import ctypes
import os
import platform
from dataclasses import dataclass

import torch
from threadpoolctl import threadpool_limits

from genre.errors import UserError

_KEPT = 2**28  # bytes; the gradient of an embedding has some 10^8
_MEMORY = 3 * 2**30  # bytes for one training; distilbert_small takes 2 GiB
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # numbers of malloc.h


@dataclass(frozen=True)
class Machine:
    """Where a run computes, and how.

    Attributes:
        device: `cpu`, `cuda` or `mps`, as torch calls it.
        processor: name of the processor.
        threads: of the processor that torch uses.
        gpu: name of the GPU; None where the processor computes.
        precision: `32-true`, `bf16-mixed` or `16-mixed`; None for models that are no networks.
    """

    device: str
    processor: str
    threads: int
    gpu: str | None
    precision: str | None

    @classmethod
    def here(cls, accelerator: str, precision: str | None) -> "Machine":
        """The machine that this process runs on.

        Args:
            accelerator: `cpu`, `gpu`, `mps`, or `auto`: a GPU where there is one.
            precision: one of Lightning's names, or `auto`, see `fast_precision`.

        Raises:
            UserError: when the accelerator is not there.
        """
        device = _device(accelerator)
        return cls(
            device=device,
            processor=torch.cpu.get_capabilities().get("cpu_name", platform.processor()),
            threads=torch.get_num_threads(),
            gpu={"cuda": torch.cuda.get_device_name, "mps": lambda: "Apple GPU"}.get(device, lambda: None)(),
            precision=fast_precision(device) if precision == "auto" else precision,
        )

    def __str__(self) -> str:
        computer = self.gpu or f"CPU, {self.threads} thread{'s' * (self.threads != 1)}"
        return f"{computer}, {self.precision}" if self.precision else computer

    @property
    def fused_optimizer(self) -> bool:
        """Whether one kernel may update all weights.

        With a gradient scaler it would also undo the scaling, after the clipping that needs it undone.
        """
        return self.precision != "16-mixed"


def fast_precision(device: str) -> str:
    """The precision that a device computes fast in.

    GPUs with bfloat16 and processors with its instructions (AVX512-BF16, AMX) take `bf16-mixed`; older GPUs of NVIDIA
    take `16-mixed`; all else takes `32-true`. Emulated bfloat16 is slower than float32: three times on an AVX-512
    processor without the instructions. A list and no measurement: a run that is started again on a busier machine must
    compute as before.
    """
    if device == "cuda":
        return "bf16-mixed" if torch.cuda.is_bf16_supported(including_emulation=False) else "16-mixed"
    abilities = torch.cpu.get_capabilities() if device == "cpu" else {}
    return "bf16-mixed" if abilities.get("avx512_bf16") or abilities.get("amx_bf16") else "32-true"


def keep_freed_memory() -> None:
    """Let this process keep freed blocks of up to 256 MiB for its next ones, where the C library can be told so.

    The GNU one gives blocks of more than 32 MiB back to the system at once. The gradient of an embedding is as large,
    and the system would clear its pages anew in each step of a training.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        for threshold in (_MMAP_THRESHOLD, _TRIM_THRESHOLD):
            library.mallopt(threshold, _KEPT)


def cores() -> int:
    """Cores of the processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def limit_threads(threads: int) -> None:
    """Let this process compute with at most so many threads, in libraries that are loaded and those to come."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    threadpool_limits(threads)  # BLAS and OpenMP; torch sets its own number over it
    torch.set_num_threads(threads)


def jobs_at_once(accelerator: str) -> int:
    """How many trainings this machine is given at once: one where a GPU computes, else one for each core.

    Each is left 3 GiB of the memory, where the system says how much there is.

    Args:
        accelerator: see `Machine.here`.
    """
    if _device(accelerator) != "cpu":
        return 1
    if not hasattr(os, "sysconf"):
        return cores()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(cores(), memory // _MEMORY))


def has_cuda() -> bool:
    """Whether there is a GPU that needs its batches in pinned memory."""
    return torch.cuda.is_available()


def require_devices(device: str, number: int) -> None:
    """Refuse more processes that train together than there are GPUs, or cores where the processor computes.

    Raises:
        UserError: saying how many there are.
    """
    there = {"cuda": torch.cuda.device_count(), "mps": 1, "cpu": cores()}[device]
    if number > there:
        what = {"cuda": "GPUs", "mps": "Apple GPU", "cpu": "cores of the processor"}[device]
        raise UserError(f"trainer.devices={number}: there are {there} {what} here; give at most so many")


def _device(accelerator: str) -> str:
    there = {"cuda": has_cuda(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if accelerator == "auto":
        return next(device for device, available in there.items() if available)
    device = {"gpu": "cuda"}.get(accelerator, accelerator)
    if not there[device]:
        raise UserError(
            f"trainer.accelerator={accelerator}: torch sees no such device here; "
            "trainer.accelerator=auto takes what there is"
        )
    return device
