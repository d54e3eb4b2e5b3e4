/** An OpenID provider for the tests: `node provider.mjs '{"port": …, "redirect": …, "key": JWK, "people": {…}}'`. */
import Provider from 'oidc-provider';

const { port, redirect, key, people } = JSON.parse(process.argv[2]);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'heliograph', client_secret: 'a secret of the tests', redirect_uris: [redirect] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: ['cookies of the tests'] },
  jwks: { keys: [key] },
  pkce: { required: () => true },
  ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
