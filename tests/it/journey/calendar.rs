//! Days that suit a test, found in the calendar the product itself counts on.

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use motcua::demo::world::{World, refused};
use motcua_context::Timestamp;
use motcua_proto::{catalog::v1::GetClockRulesRequest, r#type::v1::WorkingCalendar};

/// The days off and the make-up days of the province.
pub(super) struct Calendar {
    content: WorkingCalendar,
}

impl Calendar {
    /// The calendar in force for an agency.
    pub(super) async fn of(world: &World, agency: &str, today: NaiveDate) -> Result<Self> {
        let request = GetClockRulesRequest {
            agency: agency.to_owned(),
            date: today.to_string(),
            ..GetClockRulesRequest::default()
        };
        let rules = world.catalog().get_clock_rules(request).await.map_err(refused)?.into_inner();
        let content = rules.calendar.and_then(|calendar| calendar.content);
        Ok(Self { content: content.context("rules without a calendar")? })
    }

    /// A Tuesday after `today` before a whole fortnight without holidays.
    pub(super) fn quiet_tuesday(&self, today: NaiveDate) -> Result<NaiveDate> {
        today
            .iter_days()
            .skip(1)
            .take(200)
            .filter(|day| day.weekday() == Weekday::Tue)
            .find(|day| day.iter_days().take(14).all(|day| !self.is_special(day)))
            .context("the calendar has no fortnight without a holiday")
    }

    /// The last working day before the next Tết.
    pub(super) fn eve_of_tet(&self, today: NaiveDate) -> Result<NaiveDate> {
        let tet = self.tet(today)?;
        let first = tet.first().map(|(day, _)| *day).context("the calendar knows no coming Tết")?;
        (1..10)
            .filter_map(|back| first.checked_sub_days(Days::new(back)))
            .find(|day| self.is_working(*day))
            .context("no working day before Tết")
    }

    /// The days off of the next Tết, with what each is called.
    pub(super) fn tet(&self, today: NaiveDate) -> Result<Vec<(NaiveDate, String)>> {
        let mut days = Vec::new();
        for day in &self.content.days_off {
            if day.title.contains("Tết Nguyên đán") {
                days.push((day.date.parse::<NaiveDate>()?, day.title.clone()));
            }
        }
        days.retain(|(day, _)| *day > today);
        days.sort();
        let year = days.first().map(|(day, _)| day.year());
        days.retain(|(day, _)| Some(day.year()) == year);
        Ok(days)
    }

    /// The working day that is `n` working days after `day`.
    pub(super) fn working_days_after(&self, day: NaiveDate, n: usize) -> Result<NaiveDate> {
        let mut later = day.iter_days().skip(1).filter(|day| self.is_working(*day));
        later.nth(n - 1).context("the calendar ends")
    }

    fn is_working(&self, day: NaiveDate) -> bool {
        let text = day.to_string();
        let rest = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let off = self.content.days_off.iter().any(|off| off.date == text);
        let made_up = self.content.make_up_days.iter().any(|made_up| made_up.date == text);
        !off && (!rest || made_up)
    }

    fn is_special(&self, day: NaiveDate) -> bool {
        let text = day.to_string();
        self.content.days_off.iter().any(|off| off.date == text)
            || self.content.make_up_days.iter().any(|made_up| made_up.date == text)
    }
}

/// An instant by the clocks of Viet Nam: `at(day, "09:00")`.
pub(super) fn at(day: NaiveDate, time: &str) -> Timestamp {
    let text = format!("{day}T{time}:00+07:00");
    text.parse::<DateTime<Utc>>().expect("a time of day")
}

/// An instant of the contract.
pub(super) fn instant(at: Option<&prost_types::Timestamp>) -> Result<Timestamp> {
    let at = at.context("an instant is missing")?;
    DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos)?).context("no instant")
}

/// Whether both are the same but for the moments that calls take.
pub(super) fn close(a: Timestamp, b: Timestamp) -> bool {
    (a - b).num_seconds().abs() < 240
}
