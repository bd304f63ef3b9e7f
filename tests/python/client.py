"""A client of the system made from its published contracts at run time.

    contracts = Contracts(pathlib.Path("proto"))
    citizen = Caller(channel, contracts, token)
    citizen.intake(contracts.intake.GetDossierRequest(name="dossiers/..."))
"""

import importlib
import importlib.resources
import pathlib
import sys
import tempfile
import time
import types
import uuid

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_tools import protoc

# The most that one message of an upload carries here; the contracts say what it may.
CHUNK = 64 * 1024
PATIENCE_S = 30


class Contracts:
    """The generated modules, by service: `contracts.intake.CreateDossierRequest(...)`."""

    def __init__(self, proto: pathlib.Path):
        out = tempfile.mkdtemp(prefix="motcua-stubs-")
        files = [str(path) for path in sorted(proto.rglob("*.proto"))]
        google = str(importlib.resources.files("grpc_tools") / "_proto")
        arguments = ["protoc", f"-I{proto}", f"-I{google}", f"--python_out={out}", f"--grpc_python_out={out}"]
        if protoc.main(arguments + files) != 0:
            raise SystemExit("the contracts do not compile")
        sys.path.insert(0, out)
        for path in sorted(proto.rglob("*.proto")):
            name = ".".join(path.relative_to(proto).with_suffix("").parts)
            package = vars(self).setdefault(name.split(".")[1], types.SimpleNamespace())
            for suffix in ("_pb2", "_pb2_grpc"):
                vars(package).update(vars(importlib.import_module(name + suffix)))


class Refused(Exception):
    """An error as the system means it: a stable reason, facts, and every wrong field."""

    def __init__(self, error: grpc.RpcError):
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        for detail in status_pb2.Status.FromString(details).details:
            _ = detail.Unpack(info) or detail.Unpack(bad)
        self.code, self.reason, self.facts = error.code(), info.reason, dict(info.metadata)
        self.fields = {wrong.field: wrong.description for wrong in bad.field_violations}
        super().__init__(f"{self.code.name} {self.reason} {error.details()} {self.facts} {self.fields}")


class Caller:
    """Somebody with a token; `caller.intake(request)` is a call."""

    def __init__(self, channel, contracts, token="", account=""):
        self.token, self.account = token, account
        self.stubs = {
            "auth": contracts.identity.AuthServiceStub(channel),
            "accounts": contracts.identity.AccountServiceStub(channel),
            "catalog": contracts.catalog.CatalogServiceStub(channel),
            "intake": contracts.intake.IntakeServiceStub(channel),
            "workflow": contracts.workflow.WorkflowServiceStub(channel),
        }

    def __getattr__(self, service):
        def call(request):
            # The contracts name each request after its method; a stream is a list of requests.
            stream = isinstance(request, list)
            method = type(request[0] if stream else request).__name__.removesuffix("Request")
            metadata = [("authorization", f"Bearer {self.token}")] if self.token else []
            stub = getattr(self.stubs[service], method)
            try:
                answer = stub(iter(request) if stream else request, metadata=metadata, timeout=PATIENCE_S)
                # A stream's errors come while it is read.
                return list(answer) if hasattr(answer, "__next__") else answer
            except grpc.RpcError as error:
                raise Refused(error) from None
        return call


def new(request, **fields):
    """A request that changes something. Sent twice with one id it is done once."""
    return request(request_id=str(uuid.uuid4()), **fields)


def until(what, ask):
    """Asks until there is an answer: for what follows from an event."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise SystemExit(f"{what} did not happen within {PATIENCE_S} s")


def pieces(content: bytes) -> list[bytes]:
    """What follows the header of an upload."""
    return [content[at:at + CHUNK] for at in range(0, len(content), CHUNK)]


def patiently(reason: str, call, request):
    """Repeats a call that is refused until an event has come to the service."""
    def once():
        try:
            return call(request)
        except Refused as refused:
            if refused.reason != reason:
                raise
    return until(f"the end of {reason}", once)
