#!/usr/bin/env python3
"""Another provincial system: it signs in with its own credentials, reads what happened
to its agency's dossiers, and looks at those that were accepted.

    pip install grpcio grpcio-tools googleapis-common-protos protobuf
    export MOTCUA_CLIENT_ID=kho-du-lieu MOTCUA_CLIENT_SECRET=...
    python3 provincial_system.py --address 127.0.0.1:50051 --proto proto --place place.txt

The place that was reached is kept in a file: called again, it goes on from there.
"""

import argparse
import importlib
import importlib.resources
import os
import pathlib
import sys
import tempfile
import time

import grpc
from grpc_tools import protoc

PATIENCE_S = 10


def stubs(proto: pathlib.Path):
    """Generates the client from the published contracts, and loads it."""
    out = tempfile.mkdtemp(prefix="motcua-stubs-")
    google = importlib.resources.files("grpc_tools") / "_proto"
    files = [str(path) for path in sorted(proto.rglob("*.proto"))]
    flags = [f"-I{proto}", f"-I{google}", f"--python_out={out}", f"--grpc_python_out={out}"]
    if protoc.main(["protoc", *flags, *files]) != 0:
        raise SystemExit("the contracts do not compile")
    sys.path.insert(0, out)
    # Importing the events makes their types known, so that `Any` can be read.
    for path in sorted(proto.rglob("*.proto")):
        importlib.import_module(".".join(path.relative_to(proto).with_suffix("").parts) + "_pb2")
    load = lambda name: importlib.import_module(f"motcua.{name}")
    return (load("identity.v1.auth_service_pb2"), load("identity.v1.auth_service_pb2_grpc"),
            load("intake.v1.intake_service_pb2"), load("intake.v1.intake_service_pb2_grpc"),
            load("intake.v1.events_pb2"))


class ProvincialSystem:
    """One system's account: it has a token, and gets another before that one ends."""

    def __init__(self, channel, proto: pathlib.Path, client_id: str, secret: str):
        self.auth, auth_grpc, self.intake, intake_grpc, self.events = stubs(proto)
        self.auth_stub = auth_grpc.AuthServiceStub(channel)
        self.intake_stub = intake_grpc.IntakeServiceStub(channel)
        self.credentials = {"client_id": client_id, "client_secret": secret}
        self.token, self.renew_at = "", 0.0

    def call(self, method: str, request):
        if time.time() > self.renew_at:
            issued = self.auth_stub.IssueSystemToken(
                self.auth.IssueSystemTokenRequest(**self.credentials), timeout=PATIENCE_S)
            self.token = issued.access_token
            self.renew_at = issued.access_expire_time.seconds - 60
        metadata = [("authorization", f"Bearer {self.token}")]
        return getattr(self.intake_stub, method)(request, metadata=metadata, timeout=PATIENCE_S)

    def happened(self, place: str):
        """The events behind a place, page by page, each with the place behind it."""
        while True:
            page = self.call("ListDossierEvents", self.intake.ListDossierEventsRequest(
                page_size=100, page_token=place))
            place = page.next_page_token
            yield page.events, place
            if page.up_to_date:
                return

    def act(self, event):
        """What this system does about an event. It may come again: do it once."""
        if not event.data.Is(self.events.DossierAccepted.DESCRIPTOR):
            print(f"{event.type} {event.subject}")
            return
        accepted = self.events.DossierAccepted()
        event.data.Unpack(accepted)
        # Events hold no personal data. Whoever needs some asks for it; the citizen sees who did.
        dossier = self.call("GetDossier", self.intake.GetDossierRequest(name=accepted.dossier))
        print(f"{event.type} {event.subject} {dossier.code} {dossier.procedure_name}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--address", required=True)
    arguments.add_argument("--proto", required=True, type=pathlib.Path)
    arguments.add_argument("--place", required=True, type=pathlib.Path)
    # Where the system is reached over TLS: the authority that vouches for it.
    arguments.add_argument("--authority", type=pathlib.Path)
    given = arguments.parse_args()
    if given.authority:
        trusted = grpc.ssl_channel_credentials(given.authority.read_bytes())
        channel = grpc.secure_channel(given.address, trusted)
    else:
        channel = grpc.insecure_channel(given.address)
    with channel:
        system = ProvincialSystem(
            channel, given.proto, os.environ["MOTCUA_CLIENT_ID"], os.environ["MOTCUA_CLIENT_SECRET"])
        place = given.place.read_text() if given.place.exists() else ""
        for events, place in system.happened(place):
            for event in events:
                system.act(event)
            # Kept when all before it is done: what fails is read again.
            given.place.write_text(place)


if __name__ == "__main__":
    main()
