//! The national payment platform, version 1.0.6.

use motcua_vn::{Timestamp, Vnd};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Secrets, Unclear, time};

const VERSION: &str = "1.0.6";
const CURRENCY: &str = "VND";
/// What is signed of `INIT`, in this order.
const INIT: [&str; 14] = [
    "LoaiBanTin",
    "PhienBan",
    "MaDoiTac",
    "MaThamChieu",
    "SoTien",
    "LoaiHinhThanhToan",
    "MaKenhThanhToan",
    "MaThietBi",
    "NgonNgu",
    "MaTienTe",
    "MaNganHang",
    "ThongTinGiaoDich",
    "ThoiGianGD",
    "Ip",
];
/// What is signed of `QUERY` and `GET_BILL`.
const ABOUT: [&str; 5] = ["LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD"];

/// A partner of the platform: its code there (`MaDoiTac`), and what is shared with it.
#[derive(Debug, Clone)]
pub struct Partner {
    /// By which the platform knows the province.
    pub code: String,
    /// The platform's secret for this partner.
    pub secrets: Secrets,
}

/// A payment to be begun (`INIT`).
#[derive(Debug, Clone)]
pub struct Initiation<'a> {
    /// One for each attempt (`MaThamChieu`).
    pub reference: &'a str,
    /// All that is to be paid.
    pub amount: Vnd,
    /// What for.
    pub info: &'a str,
    /// When it is begun.
    pub at: Timestamp,
    /// Where the payer is.
    pub address: &'a str,
    /// What the receipt says.
    pub receipt: ReceiptFacts,
}

/// What the platform writes into the receipt (`ThongTinBienLai`).
#[derive(Debug, Clone, Default)]
pub struct ReceiptFacts {
    /// The procedure's national number (`MaTTHC`).
    pub procedure: String,
    /// The procedure's name.
    pub procedure_name: String,
    /// The agency that collects, by its identifier code (`MaDonVi`).
    pub agency: String,
    /// The agency's name.
    pub agency_name: String,
    /// The dossier's code.
    pub dossier: String,
    /// The fees, phí and lệ phí apart.
    pub fees: Vec<Fee>,
    /// Whose account is credited.
    pub receiver: Receiver,
    /// What is paid for.
    pub purpose: String,
    /// Who pays.
    pub payer: Payer,
}

/// The account that is credited.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    /// Its number.
    pub account: String,
    /// The bank's code.
    pub bank: String,
    /// Its holder.
    pub holder: String,
}

/// Who pays.
#[derive(Debug, Clone, Default)]
pub struct Payer {
    /// His name.
    pub name: String,
    /// His citizen number.
    pub number: String,
    /// House, street, ward.
    pub address: String,
    /// The district, where there was one.
    pub district: String,
    /// The province.
    pub province: String,
}

/// One of the fees.
#[derive(Debug, Clone, Default)]
pub struct Fee {
    /// Phí or lệ phí, as the platform's list has it (`LoaiPhiLePhi`).
    pub kind: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How much.
    pub amount: Vnd,
}

impl ReceiptFacts {
    fn to_json(&self) -> Value {
        let fee = |fee: &Fee| {
            json!({
                "LoaiPhiLePhi": fee.kind,
                "MaPhiLePhi": fee.code,
                "TenPhiLePhi": fee.name,
                "SoTien": fee.amount.dong().to_string(),
            })
        };
        let part =
            |fee: &Fee| json!({ "NoiDung": fee.name, "SoTien": fee.amount.dong().to_string() });
        json!({
            "MaDichVu": "2",
            "MaDVC": format!("{}.01", self.procedure),
            "TenDVC": self.procedure_name,
            "MaTTHC": self.procedure,
            "TenTTHC": self.procedure_name,
            "MaDonVi": self.agency,
            "TenDonVi": self.agency_name,
            "MaHoSo": self.dossier,
            "PhiLePhi": self.fees.iter().map(fee).collect::<Vec<_>>(),
            "TKThuHuong": self.receiver.account,
            "MaNHThuHuong": self.receiver.bank,
            "TenTKThuHuong": self.receiver.holder,
            "NoiDungThanhToan": self.purpose,
            "HoTenNguoiNop": self.payer.name,
            "SoCMNDNguoiNop": self.payer.number,
            "DiaChiNguoiNop": self.payer.address,
            "HuyenNguoiNop": self.payer.district,
            "TinhNguoiNop": self.payer.province,
            "DSKhoanNop": self.fees.iter().map(part).collect::<Vec<_>>(),
        })
    }
}

/// What the platform calls back with (`CONFIRM`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Confirmation {
    /// `CONFIRM`.
    #[serde(rename = "LoaiBanTin")]
    pub kind: String,
    /// `00` where it was paid.
    #[serde(rename = "MaLoi")]
    pub error: String,
    /// Which partner's.
    #[serde(rename = "MaDoiTac")]
    pub partner: String,
    /// Which attempt.
    #[serde(rename = "MaThamChieu")]
    pub reference: String,
    /// How much, as digits.
    #[serde(rename = "SoTien")]
    pub amount: String,
    /// `VND`.
    #[serde(rename = "MaTienTe")]
    pub currency: String,
    /// The platform's own number.
    #[serde(rename = "MaGiaoDich")]
    pub transaction: String,
    /// The bank's code.
    #[serde(rename = "MaNganHang")]
    pub bank: String,
    /// When it was paid.
    #[serde(rename = "ThoiGianGD")]
    pub time: String,
    /// What for.
    #[serde(rename = "ThongTinGiaoDich")]
    pub info: String,
    /// Its signature.
    #[serde(rename = "MaXacThuc")]
    pub signature: String,
}

/// What a partner asks the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// `INIT`.
    Begin {
        /// The attempt's.
        reference: String,
        /// How much.
        amount: Vnd,
        /// What for.
        info: String,
    },
    /// `QUERY`.
    Standing {
        /// The attempt's.
        reference: String,
    },
    /// `GET_BILL`.
    Receipt {
        /// The attempt's.
        reference: String,
    },
}

impl Partner {
    /// The body of `INIT`.
    pub fn initiate(&self, ask: &Initiation<'_>) -> Value {
        let (amount, time) = (ask.amount.dong().to_string(), time::text(ask.at));
        let partner = &self.code;
        let signed = [
            "INIT",
            VERSION,
            partner,
            ask.reference,
            &amount,
            "PAY",
            "1",
            "1",
            "vi-VN",
            CURRENCY,
            "PAYMENT",
            ask.info,
            &time,
            ask.address,
        ];
        json!({
            "LoaiBanTin": "INIT",
            "PhienBan": VERSION,
            "MaDoiTac": partner,
            "MaThamChieu": ask.reference,
            "SoTien": amount,
            "LoaiHinhThanhToan": "PAY",
            "MaKenhThanhToan": "1",
            "MaThietBi": "1",
            "NgonNgu": "vi-VN",
            "MaTienTe": CURRENCY,
            "MaNganHang": "PAYMENT",
            "ThongTinGiaoDich": ask.info,
            "ThoiGianGD": time,
            "Ip": ask.address,
            "ThongTinBienLai": ask.receipt.to_json(),
            "MaXacThuc": self.sign(&signed),
        })
    }

    /// Where the payer is sent, by the answer to `INIT`.
    pub fn payment_url(answer: &Value) -> Option<String> {
        let inner = Self::message(answer).ok()??;
        let url = inner.get("UrlThanhToan")?.as_str()?;
        (!url.is_empty()).then(|| url.to_owned())
    }

    /// The body of `QUERY`: what became of the attempt that was begun then.
    pub fn query(&self, reference: &str, begun: Timestamp) -> Value {
        self.about("QUERY", reference, begun)
    }

    /// What became of the attempt, by the answer to `QUERY`: the platform's word as it calls back
    /// with it, or nothing where it has none yet.
    ///
    /// # Errors
    /// What cannot be read is signed by nobody.
    pub fn standing(answer: &Value) -> Result<Option<Confirmation>, Unclear> {
        let said = Self::message(answer)?;
        said.map(serde_json::from_value).transpose().map_err(|_| Unclear::Signature)
    }

    /// What an answer brings: a text in which there is JSON again; nothing where it says an error.
    fn message(answer: &Value) -> Result<Option<Value>, Unclear> {
        let code = answer.get("error_code").ok_or(Unclear::Signature)?;
        if code.as_str() != Some("0") && code.as_i64() != Some(0) {
            return Ok(None);
        }
        let text = answer.get("message").and_then(Value::as_str).unwrap_or_default();
        serde_json::from_str(text).map(Some).map_err(|_| Unclear::Signature)
    }

    /// The body of `GET_BILL`: the receipt of the attempt, as PDF.
    pub fn receipt(&self, reference: &str, begun: Timestamp) -> Value {
        self.about("GET_BILL", reference, begun)
    }

    fn about(&self, kind: &str, reference: &str, begun: Timestamp) -> Value {
        let time = time::text(begun);
        let signature = self.sign(&[kind, VERSION, &self.code, reference, &time]);
        json!({
            "LoaiBanTin": kind,
            "PhienBan": VERSION,
            "MaDoiTac": self.code,
            "MaThamChieu": reference,
            "ThoiGianGD": time,
            "MaXacThuc": signature,
        })
    }

    /// Whether the platform itself says this, to this partner.
    pub fn believes(&self, said: &Confirmation) -> bool {
        let signed = said.signed();
        said.kind == "CONFIRM"
            && said.partner == self.code
            && self.secrets.any(|secret| is_digest(&digest(&signed, secret), &said.signature))
    }

    /// A confirmation, signed as the platform signs it: for its sandbox.
    #[must_use]
    pub fn signed(&self, mut said: Confirmation) -> Confirmation {
        said.signature = self.sign(&said.signed());
        said
    }

    /// What a partner asks, if it is this one that asks: for the platform's sandbox.
    pub fn asks(&self, body: &Value) -> Option<Ask> {
        let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
        let kind = text("LoaiBanTin");
        let fields = if kind == "INIT" { &INIT[..] } else { &ABOUT[..] };
        let signed: Vec<&str> = fields.iter().map(|field| text(field)).collect();
        let held = |secret: &str| is_digest(&digest(&signed, secret), text("MaXacThuc"));
        if text("MaDoiTac") != self.code || !self.secrets.any(held) {
            return None;
        }
        let reference = text("MaThamChieu").to_owned();
        match kind {
            "INIT" => Some(Ask::Begin {
                reference,
                amount: text("SoTien").parse().ok().map(Vnd::new)?,
                info: text("ThongTinGiaoDich").to_owned(),
            }),
            "QUERY" => Some(Ask::Standing { reference }),
            "GET_BILL" => Some(Ask::Receipt { reference }),
            _ => None,
        }
    }

    /// The answer to `INIT`: for the platform's sandbox.
    pub fn begun(url: &str) -> Value {
        json!({ "error_code": "0", "message": json!({ "UrlThanhToan": url }).to_string() })
    }

    /// The answer to `QUERY`: for the platform's sandbox.
    pub fn stands(said: Option<&Confirmation>) -> Value {
        match said {
            Some(said) => json!({ "error_code": "0", "message": json!(said).to_string() }),
            None => json!({ "error_code": "1", "message": "Chưa có kết quả giao dịch" }),
        }
    }

    /// The body of the answer to a confirmation: `00` where it was taken over, now or
    /// before. It is signed over its fields in their order.
    pub fn answer(&self, said: &Confirmation, error: &str, text: &str) -> Value {
        let parts = [error, text, &self.code, &said.reference, &said.time];
        json!({
            "MaLoi": error,
            "MoTaLoi": text,
            "MaDoiTac": self.code,
            "MaThamChieu": said.reference,
            "ThoiGianGD": said.time,
            "MaXacThuc": self.sign(&parts),
        })
    }

    fn sign(&self, parts: &[&str]) -> String {
        self.secrets.sign(|secret| digest(parts, secret))
    }
}

impl Confirmation {
    /// Whether it was paid.
    pub fn is_paid(&self) -> bool {
        self.error == "00"
    }

    /// How much; nothing where it is no amount of đồng.
    pub fn amount(&self) -> Option<Vnd> {
        let amount = self.amount.parse().ok().filter(|amount: &i64| *amount >= 0);
        amount.filter(|_| self.currency == CURRENCY).map(Vnd::new)
    }

    /// When it was paid.
    pub fn at(&self) -> Option<Timestamp> {
        time::read(&self.time)
    }

    fn signed(&self) -> [&str; 10] {
        [
            &self.kind,
            &self.error,
            &self.partner,
            &self.reference,
            &self.amount,
            &self.currency,
            &self.transaction,
            &self.bank,
            &self.time,
            &self.info,
        ]
    }
}

fn digest(parts: &[&str], secret: &str) -> String {
    hex::encode(Sha256::digest(format!("{}|{secret}", parts.join("|"))))
}

/// Compared in the same time whichever character differs.
fn is_digest(expected: &str, signature: &str) -> bool {
    let signature = signature.to_ascii_lowercase();
    expected.len() == signature.len()
        && expected.bytes().zip(signature.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
