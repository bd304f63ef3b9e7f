#!/usr/bin/env python3
"""One dossier's whole way, by a client that has only the published contracts.

The stubs are generated at run time from the folder of .proto files; nothing else
of the system is used. It is also an example for engineers who connect another
system: how to sign in, page, upload, download, repeat a request, read an error.

    pip install grpcio grpcio-tools grpcio-health-checking grpcio-reflection googleapis-common-protos
    MOTCUA_ADMIN_PASSWORD=... python3 journey.py --address 127.0.0.1:50051 --proto proto
"""

import argparse
import hashlib
import importlib
import json
import os
import pathlib
import secrets
import sys
import tempfile
import time
import types
import uuid

import grpc
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_tools import protoc

CHUNK = 64 * 1024
PATIENCE_S = 30
# The identifier code of the commune, and the unit in it that does the work.
COMMUNE, UNIT = "H53.41", "tu-phap"
# What the citizen writes into the e-form: the procedure's JSON Schema says what is asked.
ANSWERS = json.loads((pathlib.Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


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
        self.code, self.reason, self.facts, self.fields = error.code(), "", {}, {}
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
        for detail in status_pb2.Status.FromString(details).details if details else []:
            self.read(detail)
        super().__init__(f"{self.code.name} {self.reason} {error.details()} {self.facts} {self.fields}")

    def read(self, detail: Any):
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            self.reason, self.facts = info.reason, dict(info.metadata)
        elif detail.Unpack(bad):
            self.fields = {wrong.field: wrong.description for wrong in bad.field_violations}


class Caller:
    """Somebody with a token; `caller.intake("GetDossier", request)` is a call."""

    def __init__(self, channel, contracts, token=None):
        self.token, self.account = token, ""
        self.stubs = {
            "auth": contracts.identity.AuthServiceStub(channel),
            "accounts": contracts.identity.AccountServiceStub(channel),
            "catalog": contracts.catalog.CatalogServiceStub(channel),
            "intake": contracts.intake.IntakeServiceStub(channel),
            "workflow": contracts.workflow.WorkflowServiceStub(channel),
            "notification": contracts.notification.NotificationServiceStub(channel),
        }

    def __getattr__(self, service):
        def call(method, request):
            metadata = [("authorization", f"Bearer {self.token}")] if self.token else []
            request = iter(request) if isinstance(request, list) else request
            try:
                answer = getattr(self.stubs[service], method)(request, metadata=metadata, timeout=PATIENCE_S)
                # A stream's errors come while it is read.
                return list(answer) if hasattr(answer, "__next__") else answer
            except grpc.RpcError as error:
                raise Refused(error) from None
        return call


def new_id() -> str:
    """A request id: the same one repeats a request, a new one makes a new request."""
    return str(uuid.uuid4())


def until(what, ask):
    """Asks until there is an answer: for what follows from an event."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise SystemExit(f"{what} did not happen within {PATIENCE_S} s")


def refusal(call, *arguments) -> Refused:
    """The refusal of a call that must be refused."""
    try:
        call(*arguments)
    except Refused as refused:
        return refused
    raise SystemExit("a call that must be refused was not")


def pdf(text: str) -> bytes:
    """A file of a kind that is taken; larger than one chunk."""
    return b"%PDF-1.4\n%" + text.encode() + b"\n" + b"%" * 100_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pieces(content: bytes):
    return [content[at:at + CHUNK] for at in range(0, len(content), CHUNK)]


def patiently(reason: str, call, *arguments):
    """Repeats a call that is refused until an event has come to the service."""
    def once():
        try:
            return call(*arguments)
        except Refused as refused:
            if refused.reason != reason:
                raise
    return until(arguments[0], once)


class Journey:
    """The story, a method a chapter."""

    def __init__(self, channel, contracts, administrator: str, password: str):
        self.channel, self.c = channel, contracts
        self.public = Caller(channel, contracts)
        self.administrator = self.sign_in(administrator, password)
        ask = contracts.catalog.GetAgencyRequest(identifier_code=COMMUNE, with_units=True)
        self.commune = self.public.catalog("GetAgency", ask)
        self.unit = next(unit.name for unit in self.commune.units if unit.unit_code == UNIT)

    def sign_in(self, login: str, password: str) -> Caller:
        request = self.c.identity.SignInRequest(request_id=new_id(), login=login, password=password)
        tokens = self.public.auth("SignIn", request)
        caller = Caller(self.channel, self.c, tokens.access_token)
        caller.account = tokens.account
        return caller

    def officer(self, role: int, agency: str, username: str) -> Caller:
        """The administrator opens the account; the officer chooses the password."""
        first, own = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        i = self.c.identity
        officer = i.Officer(username=username, full_name="Nguyễn Thị Phương", position="Công chức",
                            agency=agency, grants=[i.Grant(role=role, agency=agency)])
        self.administrator.accounts(
            "CreateOfficer", i.CreateOfficerRequest(request_id=new_id(), officer=officer, password=first))
        change = i.ChangePasswordRequest(request_id=new_id(), login=username, password=first, new_password=own)
        self.public.auth("ChangePassword", change)
        return self.sign_in(username, own)

    def cast(self):
        i, a, password = self.c.identity, self.c.access, secrets.token_urlsafe(12)
        person = i.Citizen(full_name="Trần Văn Bách", citizen_number="072085009876", phone="0987654321")
        wrong = i.RegisterPersonRequest(request_id=new_id(), password="123", citizen=i.Citizen(phone="12"))
        refused = refusal(self.public.auth, "RegisterPerson", wrong)
        assert refused.code is grpc.StatusCode.INVALID_ARGUMENT and len(refused.fields) >= 2, refused
        self.public.auth("RegisterPerson", i.RegisterPersonRequest(
            request_id=new_id(), password=password, citizen=person))
        self.citizen = self.sign_in("0987654321", password)
        self.desk = self.officer(a.ROLE_DESK_OFFICER, self.commune.name, "py.motcua")
        self.head = self.officer(a.ROLE_HEAD_OF_UNIT, self.unit, "py.truongbophan")
        self.specialist = self.officer(a.ROLE_SPECIALIST, self.unit, "py.chuyenvien")
        self.leader = self.officer(a.ROLE_LEADER, self.commune.name, "py.lanhdao")

    def filed(self):
        """Search, draft, upload, and file: the same request twice is one dossier."""
        c, k = self.c.intake, self.c.catalog
        found = self.public.catalog("SearchProcedures", k.SearchProceduresRequest(query="ho tro hoa giai vien"))
        draft = self.citizen.intake("CreateDossier", c.CreateDossierRequest(request_id=new_id(), dossier=c.Dossier(
            procedure=found.hits[0].procedure.name, filing_channel=c.FILING_CHANNEL_ONLINE,
            competent_agency=self.commune.name)))
        submit = c.SubmitDossierRequest(request_id=new_id(), name=draft.name)
        missing = refusal(self.citizen.intake, "SubmitDossier", submit)
        assert len(missing.fields) >= 3, missing
        draft.applicant.CopyFrom(c.Party(
            kind=c.PARTY_KIND_CITIZEN, full_name="Trần Văn Bách", citizen_number="072085009876",
            phone="0987654321", address="Số 5 đường Lê Lợi, phường An Bình"))
        draft.answers.update(ANSWERS)
        draft.delivery.way = c.RETURN_WAY_ONLINE
        update = c.UpdateDossierRequest(request_id=new_id(), dossier=draft)
        update.update_mask.paths.extend(["applicant", "answers", "delivery"])
        self.citizen.intake("UpdateDossier", update)
        for code in ("bien-ban-tai-nan", "giay-ra-vien"):
            self.upload(draft.name, code)
        first, again = (self.citizen.intake("SubmitDossier", submit) for _ in range(2))
        assert first.code and first.code == again.code, (first.code, again.code)
        self.dossier, self.process = draft.name, draft.name.replace("dossiers/", "processes/")
        return first.code

    def upload(self, dossier: str, code: str):
        """The header first, then the content; read back to the last byte."""
        c, content = self.c.intake, pdf(code)
        digest = hashlib.sha256(content).hexdigest()
        head = c.PaperHeader(dossier=dossier, code=code, file_name=f"{code}.pdf", sha256=digest)
        parts = [c.UploadPaperRequest(request_id=new_id(), header=head)]
        parts += [c.UploadPaperRequest(chunk=piece) for piece in pieces(content)]
        paper = self.citizen.intake("UploadPaper", parts)
        assert paper.sha256 == digest, paper
        back = self.citizen.intake("DownloadPaper", c.DownloadPaperRequest(name=paper.name))
        assert b"".join(part.chunk for part in back) == content

    def state(self, who: Caller, state: int):
        get = self.c.intake.GetDossierRequest(name=self.dossier)
        name = self.c.intake.DossierState.Name(state)
        return until(name, lambda: (d := who.intake("GetDossier", get)).state == state and d)

    def task(self, who: Caller, role: int, agency: str, take: bool) -> str:
        """The dossier's task in a queue, taken if nobody holds it yet."""
        w = self.c.workflow
        ask = w.ListTasksRequest(role=role, agency=agency, filter=w.TASK_FILTER_OPEN, page_size=100)
        name = until("a task", lambda: next(
            (t.name for t in who.workflow("ListTasks", ask).tasks if t.dossier == self.dossier), None))
        if take:
            who.workflow("TakeTask", w.TakeTaskRequest(request_id=new_id(), name=name))
        return name

    def worked_on(self):
        """Accepted, assigned, asked, provided, drafted, sent back, approved."""
        c, w, a = self.c.intake, self.c.workflow, self.c.access
        self.desk.intake("AcceptDossier", c.AcceptDossierRequest(request_id=new_id(), name=self.dossier))
        twice = c.AcceptDossierRequest(request_id=new_id(), name=self.dossier)
        assert refusal(self.desk.intake, "AcceptDossier", twice).reason == "ALREADY_ACCEPTED"
        task = self.task(self.head, a.ROLE_HEAD_OF_UNIT, self.unit, take=True)
        self.head.workflow("ForwardTask", w.ForwardTaskRequest(
            request_id=new_id(), name=task, assignee=self.specialist.account))
        task = self.task(self.specialist, a.ROLE_SPECIALIST, self.unit, take=False)
        self.specialist.workflow("AskSupplement", w.AskSupplementRequest(
            request_id=new_id(), name=task, reasons="Cần giấy tờ về thu nhập.",
            papers=[w.AskedPaper(paper_code="giay-to-thu-nhap", display_name="Giấy tờ về thu nhập")]))
        self.state(self.desk, c.DOSSIER_STATE_SUPPLEMENT_NEEDED)
        self.desk.intake("RequestSupplement", c.RequestSupplementRequest(
            request_id=new_id(), name=self.dossier, papers=["giay-to-thu-nhap"]))
        self.state(self.citizen, c.DOSSIER_STATE_AWAITING_SUPPLEMENT)
        self.upload(self.dossier, "giay-to-thu-nhap")
        self.citizen.intake("ProvideSupplement", c.ProvideSupplementRequest(request_id=new_id(), name=self.dossier))
        self.state(self.citizen, c.DOSSIER_STATE_PROCESSING)
        self.draft(task)
        task = self.task(self.leader, a.ROLE_LEADER, self.commune.name, take=True)
        self.leader.workflow("SendBackTask", w.SendBackTaskRequest(
            request_id=new_id(), name=task, reason="Ghi rõ căn cứ tính mức hỗ trợ."))
        result = self.draft(self.task(self.specialist, a.ROLE_SPECIALIST, self.unit, take=False))
        task = self.task(self.leader, a.ROLE_LEADER, self.commune.name, take=True)
        self.leader.workflow("ApproveResult", w.ApproveResultRequest(request_id=new_id(), name=task, result=result))

    def draft(self, task: str) -> str:
        """The specialist drafts the result and forwards it."""
        w, self.content = self.c.workflow, pdf("Quyết định hỗ trợ")
        head = w.DraftResultHead(task=task, outcome=w.OUTCOME_GRANTED, text="Hỗ trợ 3.000.000 đồng.",
                                 file_name="quyet-dinh.pdf")
        parts = [w.DraftResultRequest(request_id=new_id(), head=head)]
        parts += [w.DraftResultRequest(chunk=piece) for piece in pieces(self.content)]

        # The process hears of the supplement a moment later than the dossier shows it.
        result = patiently("DOSSIER_WAITING", self.specialist.workflow, "DraftResult", parts)
        self.specialist.workflow("ForwardTask", w.ForwardTaskRequest(request_id=new_id(), name=task))
        return result.name

    def returned(self):
        """The desk returns it, the citizen downloads it, and it is closed."""
        c, w = self.c.intake, self.c.workflow
        self.state(self.desk, c.DOSSIER_STATE_RESULT_READY)
        back = self.desk.intake("ReturnResult", c.ReturnResultRequest(
            request_id=new_id(), name=self.dossier, way=c.RETURN_WAY_ONLINE))
        get = w.DownloadResultRequest(name=back.result)
        head, *chunks = patiently("RESULT_NOT_FOUND", self.citizen.workflow, "DownloadResult", get)
        content = b"".join(part.chunk for part in chunks)
        assert content == self.content and head.head.sha256 == hashlib.sha256(content).hexdigest()
        closed = self.desk.intake("CloseDossier", c.CloseDossierRequest(request_id=new_id(), name=self.dossier))
        assert closed.state == c.DOSSIER_STATE_CLOSED
        due = self.citizen.workflow("ExplainDueDate", w.ExplainDueDateRequest(name=self.process))
        assert due.due.rows and all(row.text for row in due.due.rows)


def look_around(channel):
    """Health, and the services that reflection names."""
    health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=PATIENCE_S)
    assert health.status == health_pb2.HealthCheckResponse.SERVING, health
    ask = reflection_pb2.ServerReflectionRequest(list_services="")
    answer = next(reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(iter([ask])))
    names = [service.name for service in answer.list_services_response.service]
    assert "motcua.intake.v1.IntakeService" in names, names


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", required=True, help="host:port")
    parser.add_argument("--proto", required=True, type=pathlib.Path, help="the folder of contracts")
    parser.add_argument("--administrator", default="quantri", help="who may open officers' accounts")
    arguments = parser.parse_args()
    with grpc.insecure_channel(arguments.address) as channel:
        look_around(channel)
        journey = Journey(channel, Contracts(arguments.proto), arguments.administrator,
                          os.environ["MOTCUA_ADMIN_PASSWORD"])
        journey.cast()
        code = journey.filed()
        journey.worked_on()
        journey.returned()
    print(f"closed {code}")


if __name__ == "__main__":
    main()
