"""Decodes .prnn files: python -m reference FILE OUTPUT. See docs/REFERENCE.md."""

import argparse
import base64
import hashlib
import json
import pathlib
import sys
import time

from . import deflate
from .format import decode_file, sample_bytes
from .models import Library, UnknownModel
from .reading import FormatError

MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"


def main():
    parser = argparse.ArgumentParser(prog="python -m reference", description="The reference decoder of .prnn files.")
    parser.add_argument("inputs", nargs="+", help=".prnn files; with --check lists of cases or manifests of vectors")
    parser.add_argument("-o", "--output", help="the restored source file, or the bytes of the samples")
    parser.add_argument("--models", action="append", default=[], help="folder with more weight files")
    parser.add_argument("--check", action="store_true", help="compare what files decode to with hashes")
    parser.add_argument("--streams", help="data of zlib streams: rebuild those of lists of streams and compare")
    arguments = parser.parse_args()
    if arguments.streams:
        data = pathlib.Path(arguments.streams).read_bytes()
        sys.exit(sum(check_streams(pathlib.Path(path), data) for path in arguments.inputs))
    models = Library(MODELS, [MODELS, *arguments.models])  # shipped models by id, too
    if arguments.check:
        sys.exit(sum(check(pathlib.Path(path), models) for path in arguments.inputs))
    for path in arguments.inputs:
        content, what = decode(pathlib.Path(path), models)
        print(f"{path}: {what}, {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
        if arguments.output:
            pathlib.Path(arguments.output).write_bytes(content)


def decode(path, models):
    """The restored source file, else the bytes of the samples."""
    decoded = decode_file(path.read_bytes(), models)
    if decoded.source is not None:
        return decoded.source, "source"
    return sample_bytes(decoded.samples, decoded.header.depth), "samples"


def check(path, models):
    """Decodes the cases of a list or a manifest; returns how many fail."""
    failed = 0
    for case in cases_of(json.loads(path.read_text())):
        start = time.process_time()
        try:
            content, _ = decode(path.parent / case["file"], models)
            result = "ok" if hashlib.sha256(content).hexdigest() == case["decoded"] else "WRONG"
        except (FormatError, UnknownModel) as error:
            result = "ok" if case["decoded"] is None else f"{type(error).__name__}: {error}"
        except Exception as error:  # every case is reported
            result = f"{type(error).__name__}: {error}"
        failed += result != "ok"
        print(f"{time.process_time() - start:8.2f} s of CPU  {case['name']}: {result}", flush=True)
    return min(failed, 100)


def cases_of(content):
    """The cases of a list [{"name", "file", "decoded"}], the last one a SHA-256; or of a manifest (CONFORMANCE.md)."""
    if isinstance(content, list):
        return content
    accepted = [(vector["file"], vector["source"] or vector["samples"]) for vector in content["accepted"]]
    rejected = [(vector["file"], None) for vector in content["rejected"]]
    return [{"name": file, "file": file, "decoded": decoded} for file, decoded in accepted + rejected]


def check_streams(path, data):
    """Rebuilds the streams of a list: [{"encoder", "stream", "description"}] in base64; returns how many fail."""
    failed = 0
    for case in json.loads(path.read_text()):
        stream = deflate.rebuild(base64.b64decode(case["description"]), data)
        result = "ok" if stream == base64.b64decode(case["stream"]) else "WRONG"
        failed += result != "ok"
        print(f"{case['encoder']}: {result}", flush=True)
    return failed


main()
