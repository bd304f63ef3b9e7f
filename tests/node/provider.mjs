// An OpenID Connect provider for tests: the certified `oidc-provider`, whose people are who they say.
// node provider.mjs FOLDER-OF-PACKAGES PORT '{"clients": […], "people": {"login": {claims}}}'
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';

// Standard output says one thing, that it is ready; nobody reads on.
console.info = console.error;
const [packages, port, settings] = process.argv.slice(2);
const library = `${packages}/node_modules/oidc-provider/lib/index.js`;
const { default: Provider } = await import(pathToFileURL(library));
const { clients, people } = JSON.parse(settings);

// Made anew with every start: starting again is a rotation of keys.
const key = (alg, kind, options) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  alg,
  kid: randomUUID(),
  use: 'sig',
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients,
  jwks: {
    keys: [
      key('RS256', 'rsa', { modulusLength: 2048 }),
      key('PS256', 'rsa', { modulusLength: 2048 }),
      key('ES256', 'ec', { namedCurve: 'P-256' }),
      key('EdDSA', 'ed25519'),
    ],
  },
  claims: {
    profile: ['name', 'citizen_id', 'identity_level', 'preferred_username'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  // Claims are told at the user-info endpoint, as the standard has it for codes.
  conformIdTokenClaims: true,
  features: { claimsParameter: { enabled: true } },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  findAccount: (_, login) => people[login] && {
    accountId: login,
    claims: () => ({ sub: login, ...people[login] }),
  },
});
provider.on('server_error', (_, error) => console.error(error));
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
