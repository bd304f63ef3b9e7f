//! A procedure of a file: made, changed as a draft, or published.

use motcua_fault::Fault;
use motcua_ids::{ProcedureId, ProcedureVersionId};

use super::{
    Outcome,
    apply::{Applied, Run, Trouble},
    build::{References, content},
    document::ProcedureDoc,
    keeping::Says,
};
use crate::{
    app::{drafts::edits, today},
    domain::{Content, Effect, Finding, Findings, Procedure, ProcedureNumber, Version},
    events::publish,
    store::{fields, procedures, versions},
};

impl Run<'_> {
    pub(super) async fn procedure(
        &self,
        doc: ProcedureDoc,
        says: Says,
        written: &[Finding],
    ) -> Applied {
        let number: ProcedureNumber = doc.number.parse().map_err(Fault::from)?;
        let (mut content, mut flags) = self.content(doc).await?;
        // What was suspicious in how it was written stays with the version.
        let lost = written.iter().chain(&flags).map(|f| format!("{}: {}", f.path, f.text));
        content.notes.extend(lost);
        let procedure = procedures::by_number(self.tx.db(), &number).await?;
        let newest = match &procedure {
            Some(procedure) => versions::newest(self.tx.db(), procedure.id).await?,
            None => None,
        };
        let kept = newest.as_ref().and_then(|newest| says.keep(&mut content, &newest.content));
        let found = self.app.check(&number, &content, &self.around);
        if self.publish {
            refuse(&found)?;
        }
        flags.extend(found.flags.iter().cloned());
        if !self.publish {
            // A draft may be incomplete; the one who imports it is told.
            flags.extend(found.problems.iter().cloned());
        }
        let outcome = match procedure {
            None => self.create(number, content, &found).await?,
            Some(procedure) => self.update(procedure, newest, content, &found, &mut flags).await?,
        };
        if outcome == Outcome::Updated {
            flags.extend(kept);
        }
        Ok((outcome, flags))
    }

    async fn content(&self, doc: ProcedureDoc) -> Result<(Content, Vec<Finding>), Trouble> {
        let mut field = fields::called(self.tx.db(), &doc.field).await?;
        if let (None, Some(name)) = (&field, &doc.field_name) {
            field = fields::called(self.tx.db(), name).await?;
        }
        let field = field.ok_or_else(|| no_field(&doc))?;
        let agencies = self.agencies_called(&doc.agencies).await?;
        Ok(content(doc, References { field: field.id, agencies })?)
    }

    async fn create(
        &self,
        number: ProcedureNumber,
        content: Content,
        found: &Findings,
    ) -> Result<Outcome, Trouble> {
        let (id, draft): (ProcedureId, ProcedureVersionId) = (self.ctx.new_id(), self.ctx.new_id());
        let (mut procedure, mut version) = Procedure::create(id, number, draft, content);
        if self.publish {
            self.put_in_force(&mut procedure, &mut version, found)?;
        }
        procedures::insert(self.tx, &procedure).await?;
        versions::insert(self.tx, &version).await?;
        Ok(Outcome::Created)
    }

    async fn update(
        &self,
        mut procedure: Procedure,
        newest: Option<Version>,
        content: Content,
        found: &Findings,
        flags: &mut Vec<Finding>,
    ) -> Result<Outcome, Trouble> {
        let before = procedure.version;
        let same = newest.as_ref().is_some_and(|version| version.content == content);
        let mut version = match newest {
            Some(version) if same && !(self.publish && version.is_draft()) => {
                return Ok(Outcome::Unchanged);
            }
            Some(version) if version.is_draft() => {
                self.replace(version, content, same, flags).await?
            }
            _ => {
                let version =
                    procedure.start_draft(self.ctx.new_id(), content).map_err(Fault::from)?;
                versions::insert(self.tx, &version).await?;
                version
            }
        };
        if self.publish {
            let before = edits(&version);
            self.put_in_force(&mut procedure, &mut version, found)?;
            versions::update(self.tx, &version, before).await?;
        }
        if procedure.version != before {
            procedures::update(self.tx, &procedure, before).await?;
        }
        Ok(Outcome::Updated)
    }

    /// A draft under way gets the file's text, and its author is told.
    async fn replace(
        &self,
        mut draft: Version,
        content: Content,
        same: bool,
        flags: &mut Vec<Finding>,
    ) -> Result<Version, Trouble> {
        if same {
            return Ok(draft);
        }
        let (before, etag) = (edits(&draft), draft.etag());
        draft.edit(&etag, content).map_err(Fault::from)?;
        versions::update(self.tx, &draft, before).await?;
        flags.push(Finding {
            path: String::new(),
            reason: "DRAFT_REPLACED",
            text: "Bản nháp đang sửa đã được thay bằng nội dung của tệp.".to_owned(),
        });
        Ok(draft)
    }

    fn put_in_force(
        &self,
        procedure: &mut Procedure,
        version: &mut Version,
        found: &Findings,
    ) -> Result<(), Trouble> {
        let today = today(self.ctx);
        let first = procedure.newest_from.is_none();
        let written = version.content.publication.effective_from.filter(|_| first);
        let newest = procedure.newest_from.unwrap_or(today);
        let from = written.unwrap_or_else(|| newest.max(today));
        let effect = Effect { from, today, now: self.ctx.now() };
        let complete = found.complete("").map_err(|violations| {
            violations.finish().err().map_or(Trouble::Row(String::new()), Trouble::from)
        })?;
        let etag = version.etag();
        let event = procedure.publish(version, &etag, effect, complete).map_err(Fault::from)?;
        publish(self.tx, event);
        Ok(())
    }
}

fn no_field(doc: &ProcedureDoc) -> String {
    let name = doc.field_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("Không có lĩnh vực «{}»{name}: cần thêm lĩnh vực trước khi nhập.", doc.field)
}

fn refuse(found: &Findings) -> Result<(), Trouble> {
    match found.complete("") {
        Ok(_) => Ok(()),
        Err(violations) => violations.finish().map_err(Trouble::from),
    }
}
