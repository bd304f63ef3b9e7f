// A centre of short messages for tests: the `smpp` package, which plays what it is told to.
// node smsc.mjs FOLDER-OF-PACKAGES PORT PASSWORD
// One line of JSON for everything it hears; on standard input, lines with what it does next:
//   plan ["ok", "throttled", …]   how the next messages are answered; "ok" afterwards
//   receipt ID STAT               a receipt; STAT "tlv:N" tells state N without a text
//   message FROM TEXT             somebody's own message
//   drop                          every connection is cut
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [packages, port, password] = process.argv.slice(2);
const smpp = createRequire(`${packages}/`)('smpp');
const say = (line) => console.log(JSON.stringify(line));
const sessions = new Set();
let plan = [];
let count = 0;

const STATUS = { throttled: 0x58, full: 0x14, number: 0x0b, fails: 0x08 };

function receipt(session, id, stat) {
  const about = { esm_class: 4, source_addr: '84912345678', destination_addr: 'MOTCUA' };
  const [, state] = stat.match(/^tlv:(\d+)$/) ?? [];
  const told = state
    ? { ...about, short_message: '', receipted_message_id: id, message_state: Number(state) }
    : {
        ...about,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:2611281200 done date:2611281201 stat:${stat} err:000 text:Ho so`,
      };
  return new Promise((stored) => {
    session.deliver_sm(told, (answer) => {
      say({ stored: id, status: answer.command_status });
      stored();
    });
  });
}

function message(session, from, text) {
  const told = { esm_class: 0, source_addr: from, destination_addr: '9029', short_message: text };
  session.deliver_sm(told, (answer) => say({ kept: answer.command_status }));
}

async function submit(session, pdu) {
  const { message, udh } = pdu.short_message;
  say({
    submit: message.toString(),
    to: pdu.destination_addr,
    from: pdu.source_addr,
    ton: pdu.source_addr_ton,
    coding: pdu.data_coding,
    esm: pdu.esm_class,
    udh: udh ? [...udh.flatMap((part) => [...(part.value ?? part)])] : [],
    wants: pdu.registered_delivery,
    until: pdu.validity_period,
  });
  const step = plan.shift() ?? 'ok';
  if (step === 'drop') return session.socket.destroy();
  if (step === 'silent') return undefined;
  if (STATUS[step]) return session.send(pdu.response({ command_status: STATUS[step] }));
  count += 1;
  const id = `m${count}`;
  if (step === 'late') await new Promise((past) => setTimeout(past, 1500));
  if (step === 'early') await receipt(session, id, 'DELIVRD');
  return session.send(pdu.response({ message_id: id }));
}

const server = smpp.createServer({}, (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
  session.on('error', () => sessions.delete(session));
  session.on('enquire_link', (pdu) => {
    say({ enquired: true });
    session.send(pdu.response());
  });
  session.on('unbind', (pdu) => {
    say({ unbound: true });
    session.send(pdu.response());
    session.close();
  });
  session.on('bind_transceiver', (pdu) => {
    const right = pdu.password === password;
    say({ bound: pdu.system_id, version: pdu.interface_version, right });
    session.send(pdu.response({ command_status: right ? 0 : 0x0e, system_id: 'smsc' }));
  });
  session.on('submit_sm', (pdu) => submit(session, pdu));
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, ...rest] = line.split(' ');
  const [session] = [...sessions].slice(-1);
  if (word === 'plan') plan = JSON.parse(rest.join(' '));
  if (word === 'receipt') receipt(session, rest[0], rest[1]);
  if (word === 'message') message(session, rest[0], rest.slice(1).join(' '));
  if (word === 'drop') sessions.forEach((each) => each.socket.destroy());
}).on('close', () => process.exit());

server.listen(Number(port), '127.0.0.1', () => say({ ready: server.address().port }));
