//! The citizen's chapters.

use anyhow::{Context, bail};
use motcua_proto::{
    catalog::v1::{Procedure, SearchProceduresRequest},
    identity::v1::Citizen,
    intake::v1::{
        CreateDossierRequest, Delivery, Dossier, DossierState, FilingChannel, LookUpDossierRequest,
        Party, PartyKind, ProvideSupplementRequest, ReturnWay, SubmitDossierRequest,
        UpdateDossierRequest,
    },
    workflow::v1::{DownloadResultRequest, download_result_response::Part},
};
use prost_types::FieldMask;
use serde_json::json;

use super::{Story, at};
use crate::demo::{
    form,
    papers::{pdf, upload},
    words,
    world::{refused, request_id},
};

/// What he types, without marks and in his own order.
const WORDS: &str = "ho tro hoa giai vien gap tai nan";

impl Story<'_> {
    /// Finds the procedure by words without marks.
    pub async fn search(&mut self) -> anyhow::Result<Procedure> {
        let request = SearchProceduresRequest {
            query: WORDS.to_owned(),
            ..SearchProceduresRequest::default()
        };
        let found =
            self.world.catalog().search_procedures(request).await.map_err(refused)?.into_inner();
        let procedure = found
            .hits
            .into_iter()
            .next()
            .and_then(|hit| hit.procedure)
            .context("the search found nothing")?;
        let what = format!("tìm «{WORDS}»");
        let details = vec![format!("{}  {}", procedure.number, procedure.display_name)];
        let citizen = self.citizen.clone();
        self.step("citizen", &citizen, "SearchProcedures", what, details);
        Ok(procedure)
    }

    /// Begins the dossier.
    pub async fn draft(&mut self, procedure: &Procedure) -> anyhow::Result<Dossier> {
        let citizen = self.citizen.clone();
        let dossier = Dossier {
            procedure: procedure.name.clone(),
            filing_channel: FilingChannel::Online.into(),
            competent_agency: self.ward.name.clone(),
            ..Dossier::default()
        };
        let request = CreateDossierRequest { request_id: request_id(), dossier: Some(dossier) };
        let draft = self
            .world
            .intake(&citizen)
            .create_dossier(request)
            .await
            .map_err(refused)?
            .into_inner();
        let what = format!("soạn hồ sơ gửi {}", self.ward.display_name);
        self.step("citizen", &citizen, "CreateDossier", what, Vec::new());
        Ok(draft)
    }

    /// Everything that is missing is answered at once.
    pub async fn submit_too_early(&mut self, draft: &Dossier) -> anyhow::Result<()> {
        let citizen = self.citizen.clone();
        let request = SubmitDossierRequest {
            request_id: request_id(),
            name: draft.name.clone(),
            ..SubmitDossierRequest::default()
        };
        let Err(status) = self.world.intake(&citizen).submit_dossier(request).await else {
            bail!("an empty dossier was taken");
        };
        let fault = motcua_rpc::fault(status);
        let missing = fault.violations();
        if missing.len() < 3 {
            bail!("an empty dossier was refused for another reason: {fault}");
        }
        let first = missing.iter().take(4).map(|v| format!("{}: {}", v.field, v.text)).collect();
        let what = format!("nộp khi còn thiếu: hệ thống chỉ ra cả {} mục cùng lúc", missing.len());
        self.step("citizen", &citizen, "SubmitDossier", what, first);
        Ok(())
    }

    /// Answers the form and attaches the papers.
    pub async fn fill(&mut self, draft: Dossier) -> anyhow::Result<Dossier> {
        let citizen = self.citizen.clone();
        let paths = ["applicant", "answers", "delivery"].map(ToOwned::to_owned);
        let changed = Dossier {
            applicant: Some(self.party()),
            answers: Some(form::structure(&self.answers())),
            delivery: Some(Delivery { way: ReturnWay::Online.into(), ..Delivery::default() }),
            ..draft
        };
        let request = UpdateDossierRequest {
            request_id: request_id(),
            dossier: Some(changed),
            update_mask: Some(FieldMask { paths: paths.into() }),
        };
        let dossier = self
            .world
            .intake(&citizen)
            .update_dossier(request)
            .await
            .map_err(refused)?
            .into_inner();
        for (code, title) in
            [("bien-ban-tai-nan", "Bien ban tai nan"), ("giay-ra-vien", "Giay ra vien")]
        {
            let content = pdf(&format!("{title}{}", self.mark));
            upload(self.world, &citizen, &dossier.name, code, &content).await?;
        }
        self.step("citizen", &citizen, "UpdateDossier", "khai biểu mẫu điện tử", Vec::new());
        self.step("citizen", &citizen, "UploadPaper", "đính kèm hai giấy tờ", Vec::new());
        Ok(dossier)
    }

    /// Files it, sending the same request twice.
    pub async fn submit(&mut self, name: &str) -> anyhow::Result<Dossier> {
        let citizen = self.citizen.clone();
        let request = SubmitDossierRequest {
            request_id: request_id(),
            name: name.to_owned(),
            ..SubmitDossierRequest::default()
        };
        // The same request twice, as a phone on a bad line sends it: one dossier, one code.
        let mut intake = self.world.intake(&citizen);
        let first = intake.submit_dossier(request.clone()).await.map_err(refused)?.into_inner();
        let again = intake.submit_dossier(request).await.map_err(refused)?.into_inner();
        if first.code != again.code || first.code.is_empty() {
            bail!("the same submission gave two codes: {} and {}", first.code, again.code);
        }
        let details = vec![
            format!("Mã hồ sơ {}", first.code),
            format!("Bộ phận một cửa trả lời trước {}", at(first.reply_due_time.as_ref())),
        ];
        self.step(
            "citizen",
            &citizen,
            "SubmitDossier",
            "nộp hồ sơ (gửi lặp, chỉ tính một)",
            details,
        );
        Ok(first)
    }

    /// Looks it up without signing in.
    pub async fn look_up(&mut self, dossier: &Dossier) -> anyhow::Result<()> {
        let citizen = self.citizen.clone();
        let ask = |digits: &str| LookUpDossierRequest {
            code: dossier.code.clone(),
            last_digits: digits.to_owned(),
        };
        let mut intake = self.world.public_intake();
        let found = intake.look_up_dossier(ask("5678")).await.map_err(refused)?.into_inner();
        if intake.look_up_dossier(ask("0000")).await.is_ok() {
            bail!("a look-up with wrong digits was answered");
        }
        let details = vec![format!(
            "{}: {}; hẹn trả {}",
            found.code,
            words::state(found.state()),
            at(found.promised_due_time.as_ref())
        )];
        let what = "tra cứu không cần đăng nhập, bằng mã và 4 số cuối điện thoại";
        self.step("anybody", &citizen, "LookUpDossier", what, details);
        Ok(())
    }

    /// Brings the paper that was asked for.
    pub async fn provide_supplement(&mut self, name: &str) -> anyhow::Result<()> {
        let citizen = self.citizen.clone();
        self.until_state(&citizen, name, DossierState::AwaitingSupplement).await?;
        upload(self.world, &citizen, name, "giay-to-thu-nhap", &pdf("Xac nhan thu nhap")).await?;
        let request = ProvideSupplementRequest {
            request_id: request_id(),
            name: name.to_owned(),
            ..ProvideSupplementRequest::default()
        };
        self.world.intake(&citizen).provide_supplement(request).await.map_err(refused)?;
        let dossier = self.until_state(&citizen, name, DossierState::Processing).await?;
        let details = vec![format!("Hẹn trả nay là {}", at(dossier.promised_due_time.as_ref()))];
        self.step(
            "citizen",
            &citizen,
            "ProvideSupplement",
            "bổ sung giấy tờ, đồng hồ chạy tiếp",
            details,
        );
        Ok(())
    }

    /// Fetches the result.
    pub async fn download_result(&mut self, dossier: &Dossier) -> anyhow::Result<()> {
        let citizen = self.citizen.clone();
        let request = DownloadResultRequest {
            name: dossier.result.clone(),
            ..DownloadResultRequest::default()
        };
        let mut parts = self
            .world
            .workflow(&citizen)
            .download_result(request)
            .await
            .map_err(refused)?
            .into_inner();
        let (mut head, mut size) = (None, 0);
        while let Some(message) = parts.message().await.map_err(refused)? {
            match message.part {
                Some(Part::Head(result)) => head = Some(result),
                Some(Part::Chunk(chunk)) => size += chunk.len(),
                None => {}
            }
        }
        let head = head.context("a result came without its head")?;
        if i64::try_from(size).ok() != Some(head.size_bytes) || size == 0 {
            bail!("the result came with {size} octets of {}", head.size_bytes);
        }
        let details = vec![format!("{} ({size} byte, sha256 {})", head.file_name, head.sha256)];
        self.step("citizen", &citizen, "DownloadResult", "tải kết quả điện tử", details);
        Ok(())
    }

    fn party(&self) -> Party {
        let citizen = self.applicant.clone();
        Party {
            kind: PartyKind::Citizen.into(),
            full_name: citizen.full_name,
            citizen_number: citizen.citizen_number,
            phone: citizen.phone,
            email: citizen.email,
            birth_date: "1985-04-12".to_owned(),
            address: format!("Số 12 đường Hoa Lư, phường An Bình{}", self.mark),
            ..Party::default()
        }
    }

    fn answers(&self) -> serde_json::Value {
        let Citizen { full_name, citizen_number, phone, .. } = &self.applicant;
        let mark = &self.mark;
        json!({
            "nguoi_de_nghi": {
                "tu_cach": "hoa-giai-vien",
                "ho_ten": full_name,
                "so_dinh_danh": citizen_number,
                "dia_chi": "Số 12 đường Hoa Lư, phường An Bình",
                "dien_thoai": phone
            },
            "hoa_giai_vien": {
                "ho_ten": full_name,
                "ngay_sinh": "1985-04-12",
                "so_dinh_danh": citizen_number,
                "to_hoa_giai": "Tổ hòa giải khu phố 3",
                "quyet_dinh_cong_nhan": "15/QĐ-UBND"
            },
            "thiet_hai": "suc-khoe",
            "tai_nan": {
                "ngay": "2026-10-20",
                "noi_xay_ra": "Nhà văn hóa khu phố 3, phường An Bình",
                "dien_bien": format!(
                    "Bị xô ngã khi can ngăn hai bên đang hòa giải tranh chấp lối đi.{mark}"
                ),
                "so_ngay_dieu_tri": 6
            },
            "ly_do": format!("Phải nằm viện và nghỉ việc trong thời gian điều trị.{mark}"),
            "chi_phi_kham_chua_benh_vnd": 4_350_000,
            "thu_nhap_bi_mat_vnd": 2_400_000,
            "so_tien_de_nghi_vnd": 6_750_000,
            "cach_nhan_tien": "tien-mat",
            "cam_doan": true
        })
    }
}
