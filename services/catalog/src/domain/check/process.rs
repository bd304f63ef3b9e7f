//! The electronic process: complete, reachable, ending, approved, and in time.

use std::collections::BTreeSet;

use motcua_ids::AgencyId;

use super::{Findings, Surroundings, codes, graph::Graph};
use crate::domain::{Content, Process, Step};

const MOST_STEPS: usize = 60;

pub(super) fn check(
    process: &Process,
    content: &Content,
    around: &Surroundings,
    found: &mut Findings,
) {
    if process.steps.is_empty() || process.steps.len() > MOST_STEPS {
        found.problem(
            "process.steps",
            "STEPS_INVALID",
            format!("Quy trình điện tử phải có từ 1 đến {MOST_STEPS} bước."),
        );
        return;
    }
    codes("process.steps", process.steps.iter().map(|s| s.code.as_str()), found);
    codes("process.quota_groups", process.groups.iter().map(|g| g.code.as_str()), found);
    let at = Places { around, competent: &content.agencies };
    for step in &process.steps {
        check_step(step, process, &at, found);
    }
    groups(process, found);
    flow(process, found);
    time(process, content, found);
}

fn check_step(step: &Step, process: &Process, at: &Places<'_>, found: &mut Findings) {
    let path = format!("process.steps.{}", step.code);
    if step.name.trim().is_empty() {
        found.problem(format!("{path}.display_name"), "NAME_INVALID", "Bước chưa có tên.");
    }
    for next in &step.next {
        if !process.steps.iter().any(|s| s.code == *next) {
            found.problem(
                format!("{path}.next"),
                "STEP_UNKNOWN",
                format!("Bước kế tiếp «{next}» không có trong quy trình."),
            );
        }
    }
    match &step.group {
        None if step.quota_minutes <= 0 => found.problem(
            format!("{path}.quota_minutes"),
            "QUOTA_MISSING",
            "Bước chưa có thời gian xử lý.",
        ),
        Some(_) if step.quota_minutes != 0 => found.problem(
            format!("{path}.quota_minutes"),
            "QUOTA_TWICE",
            "Bước dùng chung thời gian của nhóm thì không có thời gian riêng.",
        ),
        Some(group) if !process.groups.iter().any(|g| g.code == *group) => found.problem(
            format!("{path}.quota_group"),
            "GROUP_UNKNOWN",
            format!("Nhóm thời gian «{group}» không có trong quy trình."),
        ),
        None | Some(_) => {}
    }
    at.check(&path, step.agency.as_deref(), step.unit.as_deref(), found);
    consultations(&path, step, process, at, found);
}

fn consultations(
    path: &str,
    step: &Step,
    process: &Process,
    at: &Places<'_>,
    found: &mut Findings,
) {
    let path = format!("{path}.consults");
    codes(&path, step.consults.iter().map(|c| c.code.as_str()), found);
    let group = process.groups.iter().find(|g| Some(&g.code) == step.group.as_ref());
    let quota = group.map_or(step.quota_minutes, |g| g.quota_minutes);
    for consult in &step.consults {
        let path = format!("{path}.{}", consult.code);
        if consult.quota_minutes <= 0 {
            found.problem(
                format!("{path}.quota_minutes"),
                "QUOTA_MISSING",
                "Việc lấy ý kiến chưa có thời gian trả lời.",
            );
        } else if consult.quota_minutes > quota {
            found.problem(
                format!("{path}.quota_minutes"),
                "CONSULTATION_TOO_LONG",
                "Thời gian lấy ý kiến dài hơn thời gian của bước.",
            );
        }
        at.check(&path, Some(&consult.agency), consult.unit.as_deref(), found);
    }
}

/// Where steps are done.
struct Places<'a> {
    around: &'a Surroundings,
    /// The agencies that decide; none: every agency of the procedure's level.
    competent: &'a [AgencyId],
}

impl Places<'_> {
    /// The agency must be there, and have the unit. Of a step whose agency is not known yet, some
    /// agency must have it.
    fn check(&self, path: &str, agency: Option<&str>, unit: Option<&str>, found: &mut Findings) {
        let named = agency.map(|code| (code, self.around.identifiers.get(code)));
        if let Some((code, None)) = named {
            found.problem(
                format!("{path}.agency_code"),
                "AGENCY_UNKNOWN",
                format!("Không có cơ quan nào mang mã định danh «{code}»."),
            );
        }
        let Some(code) = unit else { return };
        let path = format!("{path}.unit_code");
        let Some(having) = self.around.units.get(code) else {
            let text = format!("Không có cơ quan nào có phòng mang mã «{code}».");
            found.problem(path, "UNIT_UNKNOWN", text);
            return;
        };
        let here = match named {
            Some((_, agency)) => agency.map_or(&[][..], std::slice::from_ref),
            None => self.competent,
        };
        if here.iter().any(|agency| !having.contains(agency)) {
            let text = format!("Cơ quan thực hiện bước này không có phòng mang mã «{code}».");
            found.problem(path, "UNIT_ELSEWHERE", text);
        }
    }
}

fn groups(process: &Process, found: &mut Findings) {
    for group in &process.groups {
        let path = format!("process.quota_groups.{}", group.code);
        if group.quota_minutes <= 0 {
            found.problem(&path, "QUOTA_MISSING", "Nhóm bước chưa có thời gian xử lý.");
        }
        if !process.steps.iter().any(|s| s.group.as_ref() == Some(&group.code)) {
            found.problem(&path, "GROUP_UNUSED", "Nhóm thời gian không có bước nào dùng.");
        }
    }
}

fn flow(process: &Process, found: &mut Findings) {
    let graph = Graph::of(process);
    let (reached, ending) = (graph.reached(|_| false), graph.ending());
    for (i, step) in process.steps.iter().enumerate() {
        let path = format!("process.steps.{}", step.code);
        if !reached.contains(&i) {
            found.problem(path, "STEP_UNREACHABLE", "Không có đường nào đi đến bước này.");
        } else if !ending.contains(&i) {
            found.problem(
                path,
                "STEP_NEVER_ENDS",
                "Từ bước này không có đường nào đi đến kết quả: quy trình chạy vòng mãi.",
            );
        }
    }
    let drafted = process.steps.iter().any(|s| s.drafts_result);
    if !drafted {
        found.problem("process.steps", "DRAFT_MISSING", "Không có bước nào dự thảo kết quả.");
    }
    let undrafted = graph.reached(|step| step.drafts_result);
    for step in undrafted.iter().map(|i| &process.steps[*i]).filter(|s| drafted && s.approves) {
        found.problem(
            format!("process.steps.{}", step.code),
            "DRAFT_SKIPPED",
            "Có đường đi đến bước ký duyệt này mà không qua bước dự thảo kết quả.",
        );
    }
    let unapproved = graph.reached(|step| step.approves);
    if unapproved.iter().any(|i| process.steps[*i].next.is_empty()) {
        found.problem(
            "process.steps",
            "APPROVAL_MISSING",
            "Có đường đi đến kết quả mà không qua bước ký duyệt.",
        );
    }
}

fn time(process: &Process, content: &Content, found: &mut Findings) {
    let Some(total) = Graph::of(process).longest() else {
        found.problem(
            "process.steps",
            "PROCESS_TANGLED",
            "Quy trình có quá nhiều đường đi, không kiểm tra được tổng thời gian.",
        );
        return;
    };
    let Some(base) = content.base_minutes() else {
        found.flag(
            "process",
            "QUOTAS_UNMEASURED",
            "Không cách nộp nào có thời hạn tính được: chưa so được tổng thời gian các bước.",
        );
        return;
    };
    if total > base {
        found.problem(
            "process",
            "QUOTAS_EXCEED_LIMIT",
            format!(
                "Các bước cần {} làm việc, thời hạn dài nhất của thủ tục chỉ có {}.",
                hours(total),
                hours(base)
            ),
        );
        return;
    }
    let shorter: BTreeSet<String> = content
        .ways()
        .filter(|(_, way)| way.limit.working_minutes().is_some_and(|limit| limit < total))
        .map(|(path, _)| path)
        .collect();
    for path in shorter {
        found.flag(
            format!("{path}.limit"),
            "QUOTAS_SHRINK",
            "Thời hạn ngắn hơn tổng thời gian các bước: thời gian từng bước sẽ được rút theo tỷ lệ.",
        );
    }
}

fn hours(minutes: i64) -> String {
    match minutes % 60 {
        0 => format!("{} giờ", minutes / 60),
        rest => format!("{} giờ {rest} phút", minutes / 60),
    }
}
