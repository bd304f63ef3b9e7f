// What packages that others wrote make of payments: `vnpay` signs and checks as VNPAY's gateway has
// it, `vietnam-qr-pay` makes and reads codes of VietQR.
// node payments.mjs FOLDER-OF-PACKAGES QUESTION <CASES >ANSWERS, both as JSON lists.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const [folder, question] = process.argv.slice(2);
const require = createRequire(resolve(folder, 'index.js'));
const { VNPay } = require('vnpay');
const { buildPaymentUrlSearchParams, calculateSecureHash } = require('vnpay/utils');
const { QRPay } = require('vietnam-qr-pay');

const gateway = ({ terminal = 'MOTCUA01', secret }) => new VNPay({
  tmnCode: terminal,
  secureSecret: secret,
  vnpayHost: 'https://sandbox.vnpayment.vn',
  hashAlgorithm: 'SHA512',
  enableLog: false,
});
const hash = (secret, data) => calculateSecureHash({
  secureSecret: secret, data, hashAlgorithm: 'SHA512', bufferEncode: 'utf-8',
});
// What is signed of an answer, in this order; the package itself says whether it is.
const ANSWER = ['ResponseId', 'Command', 'ResponseCode', 'Message', 'TmnCode', 'TxnRef', 'Amount',
  'BankCode', 'PayDate', 'TransactionNo', 'TransactionType', 'TransactionStatus', 'OrderInfo',
  'PromotionCode', 'PromotionAmount'];
const OF_REFUND = 13;

const questions = {
  // The address to which the payer is sent.
  urls: (it) => gateway(it).buildPaymentUrl(it.fields),

  // Whether a query is the gateway's, and each of the changed ones that is taken for it.
  notices: (it) => {
    const query = Object.fromEntries(new URLSearchParams(it.query));
    const checks = ['verifyIpnCall', 'verifyReturnUrl'];
    const holds = (query) => checks.map((check) => gateway(it)[check](query).isVerified);
    const { isSuccess, vnp_Amount } = gateway(it).verifyIpnCall(query);
    const names = Object.keys(query).filter((name) => name !== 'vnp_SecureHash');
    const changed = [...names, 'vnp_Other']
      .map((name) => ({ ...query, [name]: `${query[name] ?? ''}0` }))
      .concat({ ...query, vnp_SecureHash: '' }, { ...query, vnp_BankCode: undefined });
    return {
      holds: holds(query),
      paid: isSuccess,
      amount: vnp_Amount,
      taken: changed.filter((query) => holds(query).includes(true)),
    };
  },

  // The query of these fields, signed.
  queries: ({ secret, fields }) => {
    const query = buildPaymentUrlSearchParams(fields).toString();
    return `${query}&vnp_SecureHash=${hash(secret, query)}`;
  },

  // The body that is sent, the gateway's answer to it signed, and whether the package takes that.
  bodies: async (it) => {
    const names = it.kind === 'refund' ? ANSWER.slice(0, OF_REFUND) : ANSWER;
    const data = names.map((name) => it.answer[`vnp_${name}`] ?? '').join('|');
    const answer = { ...it.answer, vnp_SecureHash: hash(it.secret, data) };
    let body;
    globalThis.fetch = async (_, request) => {
      body = JSON.parse(request.body);
      return new Response(JSON.stringify(answer));
    };
    const { isVerified } = await gateway(it)[it.kind](it.fields);
    return { body, answer, holds: isVerified };
  },

  // What a code says.
  decoded: (code) => {
    const { isValid, provider, consumer, amount, additionalData, ...rest } = new QRPay(code);
    return isValid && {
      application: provider.guid,
      service: provider.service,
      bank: consumer.bankBin,
      account: consumer.bankNumber,
      amount: amount ?? null,
      memo: additionalData.purpose ?? '',
      method: rest.initMethod,
      currency: rest.currency,
      nation: rest.nation,
    };
  },

  // The code of a transfer.
  encoded: ({ bank, account, amount, memo }) => QRPay.initVietQR({
    bankBin: bank, bankNumber: account, amount: amount ?? undefined, purpose: memo,
  }).build(),
};

const answers = [];
for (const it of JSON.parse(await text(process.stdin))) {
  answers.push(await questions[question](it));
}
process.stdout.write(JSON.stringify(answers));
