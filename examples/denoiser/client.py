"""A model's side of runlua's denoiser protocol, docs/denoiser-protocol.md.

    from client import serve                # first: it takes over standard output
    serve(denoise, model="my model, step 12000", atoms=67)

denoise(x, sigma) gets a float32 array [batch, dim] and a float and returns the
clean coordinates in the same shape. With PyTorch, where `net` is in eval mode:

    @torch.inference_mode()
    def denoise(x, sigma):
        x = torch.from_numpy(x.reshape(len(x), -1, 3)).cuda()
        return net(x, torch.full((len(x),), sigma, device="cuda")).cpu().numpy()

What anything prints from then on goes to standard error, of which runlua shows the
last lines when something fails.
"""

import os
import struct
import sys
import traceback

import numpy as np

VERSION = 1


def take_over():
    """Keeps the two streams for the protocol alone."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


requests, answers = take_over()


def read(size):
    """Exactly size bytes, or None where the conversation ends."""
    data = requests.read(size)
    if len(data) not in (0, size):
        raise EOFError(f"the input ended after {len(data)} of {size} bytes")
    return data if data else None


def receive(kind):
    head = read(8)
    if head is None:
        return None
    got, size = struct.unpack("<4sI", head)
    if got != kind:
        raise ValueError(f"expected {kind}, got {got}")
    return read(size)


def send(kind, *parts):
    answers.write(struct.pack("<4sI", kind, sum(len(p) for p in parts)))
    for part in parts:
        answers.write(part)
    answers.flush()


def serve(denoise, model, atoms=0, dim=0, equivariant=False):
    """Answers requests until the input ends.

    model names model and weights: samples of another name are never mixed with
    those of this one. atoms, or dim for rows that are not atoms, is what the
    model takes; with neither it takes what the script says. equivariant: turning
    the coordinates turns the answer.
    """
    dim = 3 * atoms or dim
    hello = receive(b"HELO")
    if hello is None:
        return
    (version,) = struct.unpack_from("<I", hello)
    if version == VERSION:
        _, asked_atoms, asked_dim, _ = struct.unpack_from("<IIII", hello)
        if not dim:
            atoms, dim = asked_atoms, asked_dim
    send(b"HELO", struct.pack("<IIII", VERSION, atoms, dim, int(equivariant)), model.encode())

    while (request := receive(b"ASKD")) is not None:
        number, sigma, batch, dim = struct.unpack_from("<QdII", request)
        x = np.frombuffer(request, "<f4", offset=24).reshape(batch, dim).copy()
        try:
            clean = np.asarray(denoise(x, sigma), dtype="<f4").reshape(batch, dim)
        except Exception as problem:
            traceback.print_exc()
            send(b"FAIL", struct.pack("<Q", number), f"{type(problem).__name__}: {problem}".encode()[:60000])
            continue
        send(b"ANSW", struct.pack("<QII", number, batch, dim), clean.tobytes())
