//! Personal data is nowhere in clear, in no file and in no table.

use anyhow::{Result, ensure};
use motcua::demo::story::Story;
use motcua_proto::identity::v1::Citizen;
use motcua_tests::sandbox::Sandbox;

/// Behind every free text of the marked story.
pub(super) const MARK: &str = " dấu vết Xuyến Chi 7Q3ZK";

/// A citizen with values that stand nowhere else.
pub(super) fn marked_citizen() -> Citizen {
    Citizen {
        full_name: "Quảng Thị Nguyệt Khuê".to_owned(),
        citizen_number: "072185907153".to_owned(),
        phone: "0987012653".to_owned(),
        email: "nguyetkhue.7q3zk@example.vn".to_owned(),
    }
}

/// Looks through everything that was written for what the people said.
pub(super) async fn is_nowhere_in_clear(
    sandbox: &Sandbox,
    story: &Story<'_>,
    code: &str,
) -> Result<()> {
    let Citizen { full_name, citizen_number, phone, email } = &story.applicant;
    let texts = [
        full_name.clone(),
        // As it would stand in an index of words without marks.
        "quang thi nguyet khue".to_owned(),
        "Nguyệt Khuê".to_owned(),
        citizen_number.clone(),
        // However the number is written.
        phone[1..].to_owned(),
        email.clone(),
        "7q3zk".to_owned(),
        MARK.trim().to_owned(),
        "7Q3ZK".to_owned(),
        hex::encode("Xuyến Chi"),
        "1985-04-12".to_owned(),
        "Số 12 đường Hoa Lư".to_owned(),
        "giay-ra-vien.pdf".to_owned(),
        "Xac nhan thu nhap".to_owned(),
        "Phải nằm viện và nghỉ việc".to_owned(),
        "Nhà văn hóa khu phố 3".to_owned(),
        story.citizen.password.clone(),
        story.desk.password.clone(),
        story.citizen.token.clone(),
    ];
    let found = sandbox.places_of(&texts).await?;
    ensure!(found.is_empty(), "personal data in clear:\n{}", found.join("\n"));
    // Other tests write to the same servers: only what stands nowhere else is looked for.
    let own =
        [full_name.as_str(), "Nguyệt Khuê", citizen_number, &phone[1..], email, "Xuyến Chi 7Q3ZK"];
    let own: [String; 6] = own.map(ToOwned::to_owned);
    let found = sandbox.server_files_with(&own).await?;
    ensure!(found.is_empty(), "personal data in clear on the servers:\n{}", found.join("\n"));

    // What is no secret is found, so the search itself works.
    let code = [code.to_owned()];
    let places = sandbox.places_of(&code).await?;
    ensure!(places.len() >= 2, "the dossier's code is found in {places:?} only");
    if sandbox.backends().is_some() {
        let places = sandbox.server_files_with(&code).await?;
        ensure!(places.iter().any(|file| file.contains("/pg_wal/")), "the log: {places:?}");
        ensure!(places.iter().any(|file| file.contains("/base/")), "the tables: {places:?}");
    }
    Ok(())
}
