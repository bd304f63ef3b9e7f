//! Accounts: one's own, an officer's of another agency, the province's.

use motcua::demo::world::request_id;
use motcua_proto::{
    access::v1::Role,
    identity::v1::{
        Account, Citizen, CreateOfficerRequest, CreateSystemAccountRequest, DisableAccountRequest,
        EnableAccountRequest, GetAccountRequest, Grant, GrantRoleRequest, ListAccountsRequest,
        ListPersonalDataReadingsRequest, Officer, ResetPasswordRequest, RevokeRoleRequest,
        RotateSystemSecretRequest, System, UpdateAccountRequest, account::Holder,
    },
};
use prost_types::FieldMask;

use super::Stage;

const PASSWORD: &str = "mat-khau-dau-tien-7";

impl Stage<'_> {
    pub(super) async fn accounts(&mut self) {
        self.persons().await;
        let officer = self.new_officer().await;
        self.roles(&officer).await;
        self.barring(&officer).await;
        self.nobody_raises_himself().await;
    }

    async fn persons(&mut self) {
        let Self { bench, story, others } = self;
        let mine = GetAccountRequest { name: story.citizen.account.clone() };
        let strangers = [&others.citizen, &others.organisation, &others.desk];
        let all = [&strangers[..], &[&others.administrator, &others.auditor]].concat();
        let account: Account =
            bench.twin("AccountService/GetAccount", &story.citizen, &all, &mine).await.read();
        bench.twin("AccountService/GetAccount", &others.province, &all, &mine).await;
        bench.watch("AccountService/GetAccount", &story.citizen, &mine);

        let Some(Holder::Citizen(citizen)) = account.holder else { panic!("a citizen") };
        let email = "an.nguyen@example.vn".to_owned();
        let changed = Account {
            name: account.name.clone(),
            etag: account.etag,
            holder: Some(Holder::Citizen(Citizen { email, ..citizen })),
            ..Account::default()
        };
        let update = UpdateAccountRequest {
            request_id: request_id(),
            account: Some(changed),
            update_mask: Some(FieldMask { paths: vec!["citizen.email".to_owned()] }),
        };
        bench.twin("AccountService/UpdateAccount", &story.citizen, &all, &update).await;

        let readings =
            ListPersonalDataReadingsRequest { account: account.name, ..Default::default() };
        // An auditor of another commune is as much a stranger to it as a citizen is.
        bench
            .twin("AccountService/ListPersonalDataReadings", &story.citizen, &all, &readings)
            .await;
    }

    async fn new_officer(&mut self) -> String {
        let Self { bench, story, others } = self;
        let ward = story.ward.name.clone();
        let far = [&others.administrator, &others.auditor];
        let list = ListAccountsRequest { agency: ward.clone(), ..Default::default() };
        bench.twin("AccountService/ListAccounts", &others.province, &far, &list).await;
        let officer = Officer {
            username: "kt.moi".to_owned(),
            full_name: "Võ Thị Mới".to_owned(),
            position: "Chuyên viên".to_owned(),
            agency: ward.clone(),
            grants: vec![Grant { role: Role::Specialist.into(), agency: ward, ..Grant::default() }],
            ..Officer::default()
        };
        let create = CreateOfficerRequest {
            request_id: request_id(),
            officer: Some(officer),
            password: PASSWORD.to_owned(),
        };
        let far = [&others.administrator];
        let made = bench.twin("AccountService/CreateOfficer", &others.province, &far, &create);
        let made: Account = made.await.read();
        let system = System {
            client_id: "kt-truc".to_owned(),
            display_name: "Trục liên thông".to_owned(),
            ..System::default()
        };
        let create = CreateSystemAccountRequest {
            request_id: request_id(),
            system: Some(system),
            client_secret: "5d0c1f7a9be84c33a6f2d8e41b70c95d".to_owned(),
        };
        let system =
            bench.twin("AccountService/CreateSystemAccount", &others.province, &far, &create);
        let system: Account = system.await.read();
        let rotate = RotateSystemSecretRequest {
            request_id: request_id(),
            name: system.name,
            client_secret: "91c3b07d5e2f48a6b1d07f3e6a9c8d24".to_owned(),
            old_secret_expire_time: None,
        };
        bench.twin("AccountService/RotateSystemSecret", &others.province, &far, &rotate).await;
        made.name
    }

    async fn roles(&mut self, officer: &str) {
        let Self { bench, story, others } = self;
        let (owner, far) = (&others.province, [&others.administrator]);
        bench.watch(
            "AccountService/GetAccount",
            owner,
            &GetAccountRequest { name: officer.to_owned() },
        );
        let (name, role) = (officer.to_owned(), Role::DeskOfficer.into());
        let agency = story.ward.name.clone();
        let grant = GrantRoleRequest { request_id: request_id(), name, role, agency };
        bench.twin("AccountService/GrantRole", owner, &far, &grant).await;
        let GrantRoleRequest { name, role, agency, .. } = grant;
        let revoke = RevokeRoleRequest { request_id: request_id(), name, role, agency };
        bench.twin("AccountService/RevokeRole", owner, &far, &revoke).await;
        let reset = ResetPasswordRequest {
            request_id: request_id(),
            name: officer.to_owned(),
            password: format!("{PASSWORD}-moi"),
        };
        bench.twin("AccountService/ResetPassword", owner, &far, &reset).await;
    }

    async fn barring(&mut self, officer: &str) {
        let Self { bench, others, .. } = self;
        let (owner, far) = (&others.province, [&others.administrator]);
        let disable = DisableAccountRequest {
            request_id: request_id(),
            name: officer.to_owned(),
            reason: "Nghỉ việc".to_owned(),
        };
        bench.twin("AccountService/DisableAccount", owner, &far, &disable).await;
        let enable = EnableAccountRequest { request_id: request_id(), name: officer.to_owned() };
        bench.twin("AccountService/EnableAccount", owner, &far, &enable).await;
    }

    /// A commune's administrator reaches neither the province's nor a role above.
    async fn nobody_raises_himself(&mut self) {
        let Self { bench, story, others } = self;
        let (small, great) = (&others.administrator, &others.province);
        let name = great.account.clone();
        bench.watch("AccountService/GetAccount", great, &GetAccountRequest { name: name.clone() });
        let reset = ResetPasswordRequest {
            request_id: request_id(),
            name: name.clone(),
            password: PASSWORD.to_owned(),
        };
        bench.refuse("AccountService/ResetPassword", small, &reset).await;
        let reason = "Thử".to_owned();
        let disable = DisableAccountRequest { request_id: request_id(), name, reason };
        bench.refuse("AccountService/DisableAccount", small, &disable).await;
        let province = story.ward.parent.clone();
        for agency in [province, story.ward.name.clone()] {
            let grant = GrantRoleRequest {
                request_id: request_id(),
                name: small.account.clone(),
                role: Role::Administrator.into(),
                agency,
            };
            bench.refuse("AccountService/GrantRole", small, &grant).await;
        }
    }
}
