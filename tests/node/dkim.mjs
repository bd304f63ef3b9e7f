// A judge of signed letters: `mailauth`.
// node dkim.mjs FOLDER-OF-PACKAGES keys           a key of each kind, as the settings take them
// node dkim.mjs FOLDER-OF-PACKAGES verify RECORD  the letter on standard input; RECORD is what the
//                                                 DNS says of its key
// One line of JSON.
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const [packages, command, record] = process.argv.slice(2);
const say = (line) => console.log(JSON.stringify(line));

if (command === 'keys') {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed = generateKeyPairSync('ed25519');
  const spki = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const raw = (key, part) => Buffer.from(key.export({ format: 'jwk' })[part], 'base64url').toString('base64');
  say({
    rsa: {
      key: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }),
      record: `v=DKIM1; k=rsa; p=${spki}`,
    },
    ed25519: { key: raw(ed.privateKey, 'd'), record: `v=DKIM1; k=ed25519; p=${raw(ed.publicKey, 'x')}` },
  });
} else {
  const { dkimVerify } = createRequire(`${packages}/`)('mailauth/lib/dkim/verify');
  const asked = [];
  const resolver = async (name) => {
    asked.push(name);
    return [[record]];
  };
  const { results } = await dkimVerify(await text(process.stdin), { resolver });
  say({ asked, results: results.map(({ status, signingHeaders }) => ({ ...status, signed: signingHeaders?.keys })) });
}
