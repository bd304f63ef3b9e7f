#!/usr/bin/env python3
"""One dossier's whole way, by a client that has only the published contracts.

The stubs are generated at run time from the folder of .proto files (`client.py`);
nothing else of the system is used. It is also an example for engineers who connect
another system: signing in, uploading, downloading, repeating a request, errors.

    pip install grpcio grpcio-tools grpcio-health-checking grpcio-reflection googleapis-common-protos
    MOTCUA_ADMIN_PASSWORD=... python3 journey.py --address 127.0.0.1:50051 --proto proto
"""

import argparse
import hashlib
import json
import os
import pathlib
import secrets

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from client import PATIENCE_S, Caller, Contracts, Refused, new, patiently, pieces, until

# The identifier code of the commune, and the unit in it that does the work.
COMMUNE, UNIT = "H53.41", "tu-phap"
# What the citizen writes into the e-form: the procedure's JSON Schema says what is asked.
ANSWERS = json.loads((pathlib.Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


def refusal(call, request) -> Refused:
    """The refusal of a call that must be refused."""
    try:
        call(request)
    except Refused as refused:
        return refused
    raise SystemExit(f"must be refused, and was not: {request}")


def pdf(text: str) -> bytes:
    """A file of a kind that is taken; larger than one chunk."""
    return b"%PDF-1.4\n%" + text.encode() + b"\n" + b"%" * 100_000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Journey:
    """The story, a method a chapter."""

    def __init__(self, channel, contracts, administrator: str, password: str):
        self.channel, self.c = channel, contracts
        self.public = Caller(channel, contracts)
        self.administrator = self.sign_in(administrator, password)
        ask = contracts.catalog.GetAgencyRequest(identifier_code=COMMUNE, with_units=True)
        self.commune = self.public.catalog(ask)
        self.unit = next(unit.name for unit in self.commune.units if unit.unit_code == UNIT)

    def sign_in(self, login: str, password: str) -> Caller:
        tokens = self.public.auth(new(self.c.identity.SignInRequest, login=login, password=password))
        return Caller(self.channel, self.c, tokens.access_token, tokens.account)

    def officer(self, role: int, agency: str, username: str) -> Caller:
        """The administrator opens the account; the officer chooses the password."""
        first, own = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        i = self.c.identity
        officer = i.Officer(username=username, full_name="Nguyễn Thị Phương", position="Công chức",
                            agency=agency, grants=[i.Grant(role=role, agency=agency)])
        self.administrator.accounts(new(i.CreateOfficerRequest, officer=officer, password=first))
        self.public.auth(new(i.ChangePasswordRequest, login=username, password=first, new_password=own))
        return self.sign_in(username, own)

    def cast(self):
        i, a, password = self.c.identity, self.c.access, secrets.token_urlsafe(12)
        # Everything that is wrong comes in one answer.
        person = i.Citizen(full_name="Trần Văn Bách", citizen_number="072085009876", phone="0987654321")
        wrong = new(i.RegisterPersonRequest, password="123", citizen=i.Citizen(phone="12"))
        refused = refusal(self.public.auth, wrong)
        assert refused.code is grpc.StatusCode.INVALID_ARGUMENT and len(refused.fields) >= 2, refused
        right = new(i.RegisterPersonRequest, password=password, citizen=person)
        self.public.auth(right)
        self.citizen = self.sign_in("0987654321", password)
        self.desk = self.officer(a.ROLE_DESK_OFFICER, self.commune.name, "py.motcua")
        self.head = self.officer(a.ROLE_HEAD_OF_UNIT, self.unit, "py.truongbophan")
        self.specialist = self.officer(a.ROLE_SPECIALIST, self.unit, "py.chuyenvien")
        self.leader = self.officer(a.ROLE_LEADER, self.commune.name, "py.lanhdao")

    def filed(self):
        """Search, draft, upload, and file: the same request twice is one dossier."""
        c, k = self.c.intake, self.c.catalog
        found = self.public.catalog(k.SearchProceduresRequest(query="ho tro hoa giai vien"))
        draft = self.citizen.intake(new(c.CreateDossierRequest, dossier=c.Dossier(
            procedure=found.hits[0].procedure.name, filing_channel=c.FILING_CHANNEL_ONLINE,
            competent_agency=self.commune.name)))
        submit = new(c.SubmitDossierRequest, name=draft.name)
        missing = refusal(self.citizen.intake, submit)
        assert len(missing.fields) >= 3, missing
        draft.applicant.CopyFrom(c.Party(
            kind=c.PARTY_KIND_CITIZEN, full_name="Trần Văn Bách", citizen_number="072085009876",
            phone="0987654321", address="Số 5 đường Lê Lợi, phường An Bình"))
        draft.answers.update(ANSWERS)
        draft.delivery.way = c.RETURN_WAY_ONLINE
        mask = {"paths": ["applicant", "answers", "delivery"]}
        self.citizen.intake(new(c.UpdateDossierRequest, dossier=draft, update_mask=mask))
        for code in ("bien-ban-tai-nan", "giay-ra-vien"):
            self.upload(draft.name, code)
        first, again = (self.citizen.intake(submit) for _ in range(2))
        assert first.code and first.code == again.code, (first.code, again.code)
        self.dossier, self.process = draft.name, draft.name.replace("dossiers/", "processes/")
        return first.code

    def upload(self, dossier: str, code: str):
        """The header first, then the content; read back to the last byte."""
        c, content = self.c.intake, pdf(code)
        digest = hashlib.sha256(content).hexdigest()
        head = c.PaperHeader(dossier=dossier, code=code, file_name=f"{code}.pdf", sha256=digest)
        parts = [new(c.UploadPaperRequest, header=head)]
        parts += [c.UploadPaperRequest(chunk=piece) for piece in pieces(content)]
        paper = self.citizen.intake(parts)
        assert paper.sha256 == digest, paper
        back = self.citizen.intake(c.DownloadPaperRequest(name=paper.name))
        assert b"".join(part.chunk for part in back) == content

    def state(self, who: Caller, state: int):
        get = self.c.intake.GetDossierRequest(name=self.dossier)
        name = self.c.intake.DossierState.Name(state)
        return until(name, lambda: (d := who.intake(get)).state == state and d)

    def task(self, who: Caller, role: int, agency: str, take: bool) -> str:
        """The dossier's task in a queue, taken if nobody holds it yet."""
        w = self.c.workflow
        ask = w.ListTasksRequest(role=role, agency=agency, filter=w.TASK_FILTER_OPEN, page_size=100)
        name = until("a task", lambda: next(
            (t.name for t in who.workflow(ask).tasks if t.dossier == self.dossier), None))
        if take:
            who.workflow(new(w.TakeTaskRequest, name=name))
        return name

    def worked_on(self):
        """Accepted, assigned, asked, provided, drafted, sent back, approved."""
        c, w, a = self.c.intake, self.c.workflow, self.c.access
        self.desk.intake(new(c.AcceptDossierRequest, name=self.dossier))
        twice = new(c.AcceptDossierRequest, name=self.dossier)
        assert refusal(self.desk.intake, twice).reason == "ALREADY_ACCEPTED"
        task = self.task(self.head, a.ROLE_HEAD_OF_UNIT, self.unit, take=True)
        self.head.workflow(new(w.ForwardTaskRequest, name=task, assignee=self.specialist.account))
        task = self.task(self.specialist, a.ROLE_SPECIALIST, self.unit, take=False)
        asked = w.AskedPaper(paper_code="giay-to-thu-nhap", display_name="Giấy tờ về thu nhập")
        self.specialist.workflow(new(w.AskSupplementRequest, name=task, reasons="Cần rõ thu nhập.", papers=[asked]))
        self.state(self.desk, c.DOSSIER_STATE_SUPPLEMENT_NEEDED)
        self.desk.intake(new(c.RequestSupplementRequest, name=self.dossier, papers=["giay-to-thu-nhap"]))
        self.state(self.citizen, c.DOSSIER_STATE_AWAITING_SUPPLEMENT)
        self.upload(self.dossier, "giay-to-thu-nhap")
        self.citizen.intake(new(c.ProvideSupplementRequest, name=self.dossier))
        self.state(self.citizen, c.DOSSIER_STATE_PROCESSING)
        self.draft(task)
        task = self.task(self.leader, a.ROLE_LEADER, self.commune.name, take=True)
        self.leader.workflow(new(w.SendBackTaskRequest, name=task, reason="Ghi rõ căn cứ tính mức hỗ trợ."))
        result = self.draft(self.task(self.specialist, a.ROLE_SPECIALIST, self.unit, take=False))
        task = self.task(self.leader, a.ROLE_LEADER, self.commune.name, take=True)
        self.leader.workflow(new(w.ApproveResultRequest, name=task, result=result))

    def draft(self, task: str) -> str:
        """The specialist drafts the result and forwards it."""
        w, self.content = self.c.workflow, pdf("Quyết định hỗ trợ")
        head = w.DraftResultHead(task=task, outcome=w.OUTCOME_GRANTED, text="Hỗ trợ 3.000.000 đồng.",
                                 file_name="quyet-dinh.pdf")
        parts = [new(w.DraftResultRequest, head=head)]
        parts += [w.DraftResultRequest(chunk=piece) for piece in pieces(self.content)]
        # The process hears of the supplement a moment later than the dossier shows it.
        result = patiently("DOSSIER_WAITING", self.specialist.workflow, parts)
        self.specialist.workflow(new(w.ForwardTaskRequest, name=task))
        return result.name

    def returned(self):
        """The desk returns it, the citizen downloads it, and it is closed."""
        c, w = self.c.intake, self.c.workflow
        self.state(self.desk, c.DOSSIER_STATE_RESULT_READY)
        back = self.desk.intake(new(c.ReturnResultRequest, name=self.dossier, way=c.RETURN_WAY_ONLINE))
        get = w.DownloadResultRequest(name=back.result)
        head, *chunks = patiently("RESULT_NOT_FOUND", self.citizen.workflow, get)
        content = b"".join(part.chunk for part in chunks)
        assert content == self.content and head.head.sha256 == hashlib.sha256(content).hexdigest()
        closed = self.desk.intake(new(c.CloseDossierRequest, name=self.dossier))
        assert closed.state == c.DOSSIER_STATE_CLOSED
        due = self.citizen.workflow(w.ExplainDueDateRequest(name=self.process))
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
