// The real provider of the tests: `oidc-provider`, certified for OpenID Connect, on a free port of loopback.
// Arguments: the module's directory, the client's secret, where the browser comes back to. Everybody is let in as `ana`.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

// The test reads the first line and nothing more; later notices of the library have no reader.
process.stdout.on('error', () => {});

const [modules, secret, redirect] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const scope = 'openid email groups';

const provider = new Provider(issuer, {
  clients: [{ client_id: 'council', client_secret: secret, redirect_uris: [redirect] }],
  scopes: scope.split(' '),
  claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'], auth_time: null },
  // Claims in the token itself, as company providers are set up.
  conformIdTokenClaims: false,
  pkce: { required: () => true, methods: ['S256'] },
  cookies: { keys: ['for-tests-alone'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, groups: ['staff'] }),
  }),
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(scope);
    await grant.save();
    return grant;
  },
});

// Instead of a form for a password: whoever comes is ana.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'ana' } });
});

server.on('request', provider.callback());
console.log(issuer);
