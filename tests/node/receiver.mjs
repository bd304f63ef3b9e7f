// An organisation's own system for tests: the `standardwebhooks` package, which judges what comes.
// node receiver.mjs FOLDER-OF-PACKAGES
// One line of JSON for every request; on standard input, lines with what it does next:
//   secrets ["whsec_…", …]   by which it knows requests
//   plan [204, "drop", …]    how the next are answered: a status, "drop", "silent", "redirect",
//                            "endless"; 204 afterwards
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const [packages] = process.argv.slice(2);
const { Webhook } = createRequire(`${packages}/`)('standardwebhooks');
const say = (line) => console.log(JSON.stringify(line));
let secrets = [];
let plan = [];

function knows(secret, body, headers) {
  try {
    // Its own clock may be another than the service's: the time is judged beside.
    const at = Number(headers['webhook-timestamp']);
    const signature = new Webhook(secret).sign(headers['webhook-id'], new Date(at * 1000), body);
    return headers['webhook-signature'].split(' ').includes(signature);
  } catch {
    return false;
  }
}

/// By the package's own check, which takes the present alone.
function verifies(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

const server = createServer(async (request, response) => {
  const body = await text(request);
  const { headers, url, method } = request;
  say({
    told: JSON.parse(body || 'null'),
    id: headers['webhook-id'],
    at: Number(headers['webhook-timestamp']),
    type: headers['content-type'],
    signatures: (headers['webhook-signature'] ?? '').split(' ').length,
    known: secrets.map((secret) => knows(secret, body, headers)),
    verified: secrets.map((secret) => verifies(secret, body, headers)),
    url,
    method,
  });
  const step = plan.shift() ?? 204;
  if (step === 'drop') return request.socket.destroy();
  if (step === 'silent') return undefined;
  if (step === 'redirect') return response.writeHead(302, { location: '/elsewhere' }).end();
  if (step === 'endless') {
    response.writeHead(200);
    const pour = () => { while (response.write('x'.repeat(65536))); };
    response.on('drain', pour).on('error', () => {});
    return pour();
  }
  return response.writeHead(step).end();
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const [word, ...rest] = line.split(' ');
  if (word === 'secrets') secrets = JSON.parse(rest.join(' '));
  if (word === 'plan') plan = JSON.parse(rest.join(' '));
}).on('close', () => process.exit());

server.listen(0, '127.0.0.1', () => say({ ready: server.address().port }));
