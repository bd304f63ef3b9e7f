//! What is drawn: rounds of what comes at once.

use motcua_proto::payment::v1::PaymentMethod;
use proptest::prelude::*;

/// What comes at once, and what is before it.
#[derive(Debug, Clone)]
pub(super) struct Round {
    /// How far the clock moves first: what comes due then comes at the same time.
    pub(super) minutes: i64,
    pub(super) mood: Mood,
    /// Each, and how often the same request comes at the same time.
    pub(super) steps: Vec<(Step, usize)>,
}

/// How the gateway answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It says what it knows, and gives back at once.
    Up,
    /// It says what it knows, and takes its time with what it gives back.
    Slow,
    /// It does not answer.
    Away,
}

/// What a gateway tells by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    Paid,
    Declined,
    OtherSum,
    Forged,
    Unknown,
}

/// What the memo of a statement's row names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Memo {
    Whole,
    Cut,
    Nobody,
    /// The reference of what is to be given back; the money goes.
    GivenBack,
}

/// A row of a bank's statement: how much more or less than what is asked for, or approved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) n: u128,
    pub(super) which: usize,
    pub(super) memo: Memo,
    pub(super) off: i64,
    /// Whether the bank gives it a number.
    pub(super) numbered: bool,
}

/// One thing that somebody does. `n` is the order, `which` one of those that it has.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Begin {
        n: u128,
        method: PaymentMethod,
    },
    /// The payer pays in time, and the notice of it is lost.
    Pay {
        n: u128,
        which: usize,
    },
    Tell {
        n: u128,
        which: usize,
        word: Word,
    },
    Return {
        n: u128,
        which: usize,
        paid: bool,
    },
    Collect {
        n: u128,
        method: PaymentMethod,
        off: i64,
    },
    CloseTill {
        off: i64,
    },
    Import {
        rows: Vec<Row>,
    },
    ImportAgain {
        which: usize,
    },
    Ask {
        n: u128,
        which: usize,
        amount: i64,
        fee: bool,
        accountant: bool,
    },
    Decide {
        n: u128,
        which: usize,
        approve: bool,
        accountant: bool,
    },
    Complete {
        n: u128,
        which: usize,
        accountant: bool,
    },
    Replace {
        n: u128,
        which: usize,
    },
    Assess {
        n: u128,
        dong: i64,
    },
    Cancel {
        n: u128,
    },
    Resolve {
        which: usize,
        assign: bool,
    },
}

fn row() -> impl Strategy<Value = Row> {
    let memo = prop_oneof![
        5 => Just(Memo::Whole),
        2 => Just(Memo::Cut),
        1 => Just(Memo::Nobody),
        3 => Just(Memo::GivenBack),
    ];
    let off = prop_oneof![4 => Just(0), 1 => -5_000_i64..5_000];
    (order(), 0..4_usize, memo, off, prop::bool::weighted(0.7))
        .prop_map(|(n, which, memo, off, numbered)| Row { n, which, memo, off, numbered })
}

/// Mostly the first, so that what comes meets.
fn order() -> impl Strategy<Value = u128> {
    prop_oneof![3 => Just(1_u128), 1 => Just(2_u128), 1 => Just(3_u128)]
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..4_usize;
    let at = || (order(), 0..4_usize);
    let outside = prop_oneof![Just(PaymentMethod::Gateway), Just(PaymentMethod::BankTransfer)];
    let inside = prop_oneof![Just(PaymentMethod::Cash), Just(PaymentMethod::Postal)];
    let off = || prop_oneof![9 => Just(0_i64), 1 => -5_i64..5];
    let word = prop_oneof![
        6 => Just(Word::Paid),
        2 => Just(Word::Declined),
        1 => Just(Word::OtherSum),
        1 => Just(Word::Forged),
        1 => Just(Word::Unknown),
    ];
    let asked = prop_oneof![1 => Just(0_i64), 2 => 1_i64..80_000];
    prop_oneof![
        10 => (order(), outside).prop_map(|(n, method)| Step::Begin { n, method }),
        4 => at().prop_map(|(n, which)| Step::Pay { n, which }),
        12 => (at(), word).prop_map(|((n, which), word)| Step::Tell { n, which, word }),
        6 => (at(), any::<bool>()).prop_map(|((n, which), paid)| Step::Return { n, which, paid }),
        6 => (order(), inside, off()).prop_map(|(n, method, off)| Step::Collect { n, method, off }),
        2 => off().prop_map(|off| Step::CloseTill { off }),
        8 => prop::collection::vec(row(), 1..4).prop_map(|rows| Step::Import { rows }),
        2 => which.clone().prop_map(|which| Step::ImportAgain { which }),
        8 => (at(), asked, prop::bool::weighted(0.2), any::<bool>()).prop_map(
            |((n, which), amount, fee, accountant)| Step::Ask { n, which, amount, fee, accountant }
        ),
        16 => (at(), prop::bool::weighted(0.8), any::<bool>()).prop_map(
            |((n, which), approve, accountant)| Step::Decide { n, which, approve, accountant }
        ),
        12 => (at(), any::<bool>())
            .prop_map(|((n, which), accountant)| Step::Complete { n, which, accountant }),
        2 => at().prop_map(|(n, which)| Step::Replace { n, which }),
        6 => (order(), 0_i64..90_000).prop_map(|(n, dong)| Step::Assess { n, dong }),
        1 => order().prop_map(|n| Step::Cancel { n }),
        4 => (which, any::<bool>()).prop_map(|(which, assign)| Step::Resolve { which, assign }),
    ]
}

pub(super) fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let minutes = prop_oneof![
        4 => Just(0_i64),
        3 => Just(1_i64),
        3 => Just(16_i64),
        2 => Just(24 * 60_i64),
        1 => Just(4 * 24 * 60_i64),
    ];
    let mood = prop_oneof![4 => Just(Mood::Up), 2 => Just(Mood::Slow), 1 => Just(Mood::Away)];
    let times = prop_oneof![3 => Just(1_usize), 1 => Just(2_usize)];
    let steps = prop::collection::vec((step(), times), 3..9);
    let round =
        (minutes, mood, steps).prop_map(|(minutes, mood, steps)| Round { minutes, mood, steps });
    prop::collection::vec(round, 5..12)
}
