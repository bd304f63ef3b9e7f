//! The electronic process: complete, reachable, ending, approved, and in time.

use std::collections::BTreeSet;

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
    for step in &process.steps {
        check_step(step, process, around, found);
    }
    groups(process, found);
    flow(process, found);
    time(process, content, found);
}

fn check_step(step: &Step, process: &Process, around: &Surroundings, found: &mut Findings) {
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
    place(&path, step.agency.as_deref(), step.unit.as_deref(), around, found);
    consultations(&path, step, process, around, found);
}

fn consultations(
    path: &str,
    step: &Step,
    process: &Process,
    around: &Surroundings,
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
        place(&path, Some(&consult.agency), consult.unit.as_deref(), around, found);
    }
}

fn place(
    path: &str,
    agency: Option<&str>,
    unit: Option<&str>,
    around: &Surroundings,
    found: &mut Findings,
) {
    if let Some(code) = agency.filter(|code| !around.identifiers.contains(*code)) {
        found.problem(
            format!("{path}.agency_code"),
            "AGENCY_UNKNOWN",
            format!("Không có cơ quan nào mang mã định danh «{code}»."),
        );
    }
    if let Some(code) = unit.filter(|code| !around.units.contains(*code)) {
        found.problem(
            format!("{path}.unit_code"),
            "UNIT_UNKNOWN",
            format!("Không có cơ quan nào có phòng mang mã «{code}»."),
        );
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
    if !process.steps.iter().any(|s| s.drafts_result) {
        found.problem("process.steps", "DRAFT_MISSING", "Không có bước nào dự thảo kết quả.");
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
    let Some(base) = content.base_minutes() else { return };
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
