//! Who imports a statement, and of which account it is.

use motcua_context::{Actor, Role, System};
use motcua_ids::AccountId;
use motcua_proto::payment::v1::{GetStatementRequest, ImportStatementRequest, Statement};
use motcua_testkit::Database;

use crate::{
    statements::table,
    support::{Office, accountant, id, officer, open, province, reason, ward},
};

impl Office {
    /// Imports a file, and says of which account it is.
    pub(crate) async fn import_of(
        &self,
        actor: &Actor,
        content: Vec<u8>,
        account: &str,
    ) -> Result<Statement, tonic::Status> {
        let (request_id, account) = (self.env.request_id(), account.to_owned());
        let asked = ImportStatementRequest { request_id, content, account };
        Ok(self.client(actor).import_statement(asked).await?.into_inner())
    }
}

#[tokio::test]
async fn a_statement_is_the_provinces_and_of_the_collecting_account() {
    let office = open(Database::Sqlite).await;
    let rows = table(&[("02/03/2026", 1_000, "FT1", "khong ro")]);
    let of_ward = officer(61, Role::Accountant, ward());
    assert_eq!(reason(office.import_as(&of_ward, rows.clone()).await), "NOT_YOUR_AGENCY");
    let other = String::from_utf8(rows.clone()).unwrap().replace("1234567890", "99").into_bytes();
    assert_eq!(reason(office.import_as(&accountant(), other).await), "ACCOUNT_UNKNOWN");
    let empty = office.import_as(&accountant(), Vec::new()).await;
    assert_eq!(reason(empty), "INVALID_ARGUMENT");
    // A table that does not say whose it is: whoever imports it does.
    let unsaid = String::from_utf8(rows.clone()).unwrap();
    let unsaid = unsaid.split_once('\n').unwrap().1.as_bytes().to_vec();
    let refused = office.import_as(&accountant(), unsaid.clone()).await.unwrap_err();
    let fault = motcua_rpc::fault(refused);
    let [wrong] = fault.violations() else { panic!("{fault:?}") };
    assert_eq!((wrong.field.as_str(), wrong.reason.as_str()), ("account", "REQUIRED"));
    for file in [&unsaid, &rows] {
        let of_another = office.import_of(&accountant(), file.clone(), "99").await;
        assert_eq!(reason(of_another), "ACCOUNT_UNKNOWN");
    }
    let said = office.import_of(&accountant(), unsaid, "123 456\u{a0}78\t90").await.unwrap();
    assert_eq!(said.new_count, 1);
    let nonsense = office.import_as(&accountant(), b"khong phai sao ke".to_vec()).await;
    assert!(reason(nonsense).starts_with("STATEMENT_"));
    // A bank's own system, for the whole province.
    let bank = Actor::System(System {
        service: false,
        scopes: vec!["statements.import".into()],
        agency: Some(province()),
        ..System::service(AccountId::new(id(31)).name())
    });
    let imported = office.import_as(&bank, rows).await.unwrap();
    assert_eq!((imported.new_count, imported.imported_by.as_str()), (0, ""));
    let asked = GetStatementRequest { name: imported.name };
    assert_eq!(reason(office.client(&of_ward).get_statement(asked.clone()).await), "NOT_FOUND");
    office.client(&bank).get_statement(asked).await.unwrap();
    office.env.stop().await;
}
