//! For every method that concerns an object: a call that its owner may make, and
//! the same call from somebody who holds the same kind of account or role and
//! owns another. The story's dossiers are the objects, all in one running product.

mod accounts;
mod bench;
mod catalog;
mod consults;
mod dossiers;
mod filing;
mod messages;
mod payments;
mod people;
mod processing;
mod results;

use motcua::demo::{story::Story, teller::Teller};
use motcua_context::{Clock, SystemClock};
use motcua_tests::sandbox::{Sandbox, Topology};

use super::{doors, none};
use bench::Bench;
use people::People;

/// Methods without an object that could be somebody else's, and why.
const EXEMPT: [(&str, &str); 39] = [
    ("CatalogService/GetAgency", PUBLIC),
    ("CatalogService/ListAgencies", PUBLIC),
    ("CatalogService/GetDesk", PUBLIC),
    ("CatalogService/ListDesks", PUBLIC),
    ("CatalogService/ListFields", PUBLIC),
    ("CatalogService/GetProcedure", PUBLIC),
    ("CatalogService/ListProcedureVersions", PUBLIC),
    ("CatalogService/SearchProcedures", PUBLIC),
    ("CatalogService/GetClockRules", PUBLIC),
    ("CatalogService/GetCalendar", PUBLIC),
    ("CatalogService/GetPolicy", PUBLIC),
    ("CatalogService/ListCalendars", PUBLIC),
    ("CatalogService/ListPolicies", PUBLIC),
    ("CatalogService/ListProcedures", "the whole catalog, for whoever edits or audits any of it"),
    ("AuthService/RegisterPerson", "makes an account; there is none before"),
    ("AuthService/SignIn", SECRET),
    ("AuthService/BeginSignIn", "a new sign-in; there is none before"),
    ("AuthService/CompleteSignIn", SECRET),
    ("AuthService/ExchangeToken", SECRET),
    ("AuthService/RefreshToken", SECRET),
    ("AuthService/SignOut", SECRET),
    ("AuthService/ChangePassword", SECRET),
    ("AuthService/IssueSystemToken", SECRET),
    ("AuthService/GetJwks", "public keys"),
    ("AuthService/ListRevocations", SERVICES),
    ("AccountService/GetContact", SERVICES),
    ("IntakeService/GetContact", SERVICES),
    ("IntakeService/BatchGetContacts", SERVICES),
    ("IntakeService/GetAnswers", SERVICES),
    ("IntakeService/OfferPaper", SERVICES),
    ("IntakeService/GetPaperOffer", SERVICES),
    ("IntakeService/AnswerPaperOffers", SERVICES),
    ("PaymentService/EstimateFees", PUBLIC),
    ("IntakeService/LookUpByTelephone", SERVICES),
    ("PaymentService/LookUpReturn", "whoever brings back what the gateway signed"),
    ("PaymentService/ListFeePolicies", PUBLIC),
    ("NotificationService/CreateWebhook", "makes an address; there is none before"),
    ("NotificationService/ListTemplates", TEMPLATES),
    ("NotificationService/PreviewTemplate", TEMPLATES),
];
const PUBLIC: &str = "what is published is everybody's";
const SECRET: &str = "whoever knows the secret is its owner";
const SERVICES: &str = "our own services alone, for every object";
const TEMPLATES: &str = "the province's texts with invented facts";

/// The calls, in the order in which the objects come to be.
struct Stage<'a> {
    bench: Bench,
    story: Story<'a>,
    others: People,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_its_owners_alone() {
    let settings = [
        "payment.transfer.bank=970418",
        "payment.transfer.account=1234567890",
        "notification.webhooks.anywhere=true",
    ];
    let now = SystemClock.now();
    let sandbox = Sandbox::start_set(Topology::OneProcess, now, &settings).await.unwrap();
    let (world, mut teller) = (sandbox.world().unwrap(), Teller::silent());
    let mut stage = Stage {
        bench: Bench::new(doors(&sandbox)),
        story: Box::pin(Story::begin(&world, sandbox.administrator(), &mut teller)).await.unwrap(),
        others: People::gather(&sandbox, &world).await,
    };
    Box::pin(stage.accounts()).await;
    let dossier = Box::pin(stage.filing()).await;
    Box::pin(stage.before_acceptance()).await;
    Box::pin(stage.at_the_desk()).await;
    Box::pin(stage.withdrawal()).await;
    Box::pin(stage.processing(&dossier)).await;
    Box::pin(stage.consults(&dossier)).await;
    Box::pin(stage.results(&dossier)).await;
    Box::pin(stage.messages(&dossier)).await;
    Box::pin(stage.payments()).await;
    Box::pin(stage.catalog()).await;

    let Bench { covered, allowed, by_state, refused, broken, .. } = stage.bench;
    println!(
        "{} methods with objects: {allowed} calls by owners, {by_state} refused by state, \
         {refused} by others refused",
        covered.len()
    );
    none("an object was open to somebody else", &broken);
    none("a method is neither tested nor exempt", &undecided(&covered));
}

fn undecided(covered: &std::collections::BTreeSet<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for method in motcua_proto::methods() {
        let exempt = EXEMPT.iter().any(|(name, _)| method.path.ends_with(&format!(".{name}")));
        if exempt == covered.contains(method.path) {
            wrong.push(method.path.to_owned());
        }
    }
    wrong
}
