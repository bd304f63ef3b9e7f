//! Agencies with their units and desks, and fields, of a file.

use motcua_ids::{AgencyId, DeskId, FieldId};

use super::{
    Outcome,
    apply::{Applied, Run, Trouble},
    places::{AgencyDoc, DeskDoc, FieldDoc, UnitDoc},
};
use crate::{
    app::{
        NewAgency, NewDesk, agencies as agency_cases, desks as desk_cases, fields as field_cases,
    },
    domain::{Agency, AgencyFacts, AgencyKind, Desk, Field, Validity},
    events::publish,
    store::{agencies, desks, fields},
};

impl Run<'_> {
    pub(super) async fn field(&self, doc: FieldDoc) -> Applied {
        let FieldDoc { code, name, national_code } = doc;
        let Some(field) = fields::by_code(self.tx.db(), &code).await? else {
            let id: FieldId = self.ctx.new_id();
            let field = Field { id, code, name, national_code, version: 1 };
            field_cases::make(self.tx, field).await?;
            return Ok((Outcome::Created, Vec::new()));
        };
        if field.name == name && field.national_code == national_code {
            return Ok((Outcome::Unchanged, Vec::new()));
        }
        let version = field.version + 1;
        fields::update(self.tx, &Field { name, national_code, version, ..field }).await?;
        Ok((Outcome::Updated, Vec::new()))
    }

    pub(super) async fn agency(&self, doc: &AgencyDoc) -> Applied {
        let standing = self.agency_called(&doc.identifier).await.ok();
        let facts = AgencyFacts {
            identifier: Some(doc.identifier.clone()),
            name: doc.name.clone(),
            address: doc.address.clone(),
            telephone: doc.telephone.clone(),
            email: doc.email.clone(),
        };
        let (id, mut outcome) = match standing {
            None => (self.new_agency(doc, facts).await?, Outcome::Created),
            Some(id) => (id, self.changed_facts(id, facts).await?),
        };
        for unit in &doc.units {
            outcome = worst(outcome, self.unit(id, unit, doc).await?);
        }
        for desk in &doc.desks {
            outcome = worst(outcome, self.desk(id, desk).await?);
        }
        Ok((outcome, Vec::new()))
    }

    /// Ends an agency that the file says has ended. Its successor may stand
    /// anywhere in the file, so this comes after every agency was made.
    pub(super) async fn end_agency(&self, doc: &AgencyDoc) -> Result<Outcome, Trouble> {
        let Some(last) = doc.valid_to else { return Ok(Outcome::Unchanged) };
        let id = self.agency_called(&doc.identifier).await?;
        let agency = agencies::get(self.tx.db(), id).await?;
        if agency.valid.to.is_some() {
            return Ok(Outcome::Unchanged);
        }
        let successor = match &doc.successor {
            Some(code) => Some(self.agency_called(code).await?),
            None => None,
        };
        agency_cases::end(self.tx, agency, last, successor).await?;
        Ok(Outcome::Updated)
    }

    async fn new_agency(&self, doc: &AgencyDoc, facts: AgencyFacts) -> Result<AgencyId, Trouble> {
        let parent = match &doc.parent {
            Some(code) => Some(self.agency_called(code).await?),
            None => None,
        };
        let id: AgencyId = self.ctx.new_id();
        let valid = Validity { from: doc.valid_from, to: None };
        let new = NewAgency { parent, kind: doc.kind, facts, unit_code: None, valid };
        agency_cases::found(self.tx, id, new).await?;
        Ok(id)
    }

    async fn changed_facts(&self, id: AgencyId, facts: AgencyFacts) -> Result<Outcome, Trouble> {
        let mut agency = agencies::get(self.tx.db(), id).await?;
        if agency.facts == facts {
            return Ok(Outcome::Unchanged);
        }
        self.save(&mut agency, facts).await?;
        Ok(Outcome::Updated)
    }

    async fn save(&self, agency: &mut Agency, facts: AgencyFacts) -> Result<(), Trouble> {
        let event = agency.change(facts);
        agencies::update(self.tx, agency).await?;
        publish(self.tx, event);
        Ok(())
    }

    async fn unit(
        &self,
        parent: AgencyId,
        unit: &UnitDoc,
        doc: &AgencyDoc,
    ) -> Result<Outcome, Trouble> {
        let facts = AgencyFacts { name: unit.name.clone(), ..AgencyFacts::default() };
        let units = agencies::units(self.tx.db(), parent).await?;
        let there = units.into_iter().find(|u| u.unit_code.as_ref() == Some(&unit.unit_code));
        let Some(mut there) = there else {
            let valid = Validity { from: doc.valid_from, to: None };
            let unit_code = Some(unit.unit_code.clone());
            let parent = Some(parent);
            let new = NewAgency { parent, kind: AgencyKind::Unit, facts, unit_code, valid };
            agency_cases::found(self.tx, self.ctx.new_id(), new).await?;
            return Ok(Outcome::Created);
        };
        if there.facts == facts {
            return Ok(Outcome::Unchanged);
        }
        self.save(&mut there, facts).await?;
        Ok(Outcome::Updated)
    }

    async fn desk(&self, agency: AgencyId, doc: &DeskDoc) -> Result<Outcome, Trouble> {
        let DeskDoc { code, name, address, telephone } = doc.clone();
        let Some(desk) = desks::by_code(self.tx.db(), agency, &code).await? else {
            let id: DeskId = self.ctx.new_id();
            let valid = Validity::default();
            let new = NewDesk { code, agency, name, address, telephone, valid };
            desk_cases::open(self.tx, id, new).await?;
            return Ok(Outcome::Created);
        };
        if (&desk.name, &desk.address, &desk.telephone) == (&name, &address, &telephone) {
            return Ok(Outcome::Unchanged);
        }
        let version = desk.version + 1;
        desks::update(self.tx, &Desk { name, address, telephone, version, ..desk }).await?;
        Ok(Outcome::Updated)
    }
}

/// An agency is unchanged only if all that belongs to it is.
pub(super) fn worst(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Created, _) => Outcome::Created,
        (Outcome::Unchanged, Outcome::Unchanged) => Outcome::Unchanged,
        _ => Outcome::Updated,
    }
}
