import type { AsyncApiDocument } from '../../protocol/asyncapi.ts';
import type { JsonSchema } from '../../protocol/json-schema.ts';
import { blockHtml, escapeHtml, inlineHtml, tableHtml } from './markdown.ts';
import { navigation } from './navigation.ts';

/** The socket's contract as a page to read: the body of it, without script. */
export function socketPage(document: AsyncApiDocument): string {
  const { info, channels, servers, components } = document;
  const { received, sent } = framesByDirection(document);
  const refused = channels.room['x-refused-handshakes'].map(({ status, code }) => [
    String(status),
    `\`${code}\``,
  ]);
  const addresses = Object.values(servers).map(
    ({ protocol, host, description }) =>
      `<li><code>${escapeHtml(`${protocol}://${host}${channels.room.address}`)}</code> ${inlineHtml(description)}</li>`,
  );
  const ways = Object.values(components.securitySchemes).map(
    ({ description }) => `<li>${inlineHtml(description)}</li>`,
  );
  return `${navigation('/api/schema/socket/')}
<main>
<h1>${escapeHtml(info.title)}</h1>
${blockHtml(info.description)}
<h2 id="address">Where, and with what</h2>
<ul>${addresses.join('\n')}</ul>
<p>The token, or a ticket in its place, comes in one of these ways:</p>
<ul>${ways.join('\n')}</ul>
${blockHtml(channels.room.description)}
<h2 id="refused">When the handshake is refused</h2>
<p>A browser sees no status here, only close code 1006.</p>
${tableHtml(['status', 'code'], refused)}
<h2 id="send">What you send</h2>
${contents(document, received)}
${received.map((name) => frame(document, name)).join('\n')}
<h2 id="receive">What comes</h2>
${contents(document, sent)}
${sent.map((name) => frame(document, name)).join('\n')}
<p class="files">This page as a file: <a href="/api/schema/asyncapi/">AsyncAPI, YAML</a>, <a href="/api/schema/asyncapi/?format=json">JSON</a>.</p>
</main>`;
}

const nameOf = ({ $ref }: { $ref: string }) => $ref.slice($ref.lastIndexOf('/') + 1);

/** AsyncAPI speaks of the server: what it receives is what a client sends. */
function framesByDirection({ operations, components }: AsyncApiDocument) {
  const received = Object.values(operations)
    .filter(({ action }) => action === 'receive')
    .flatMap(({ messages }) => messages.map(nameOf));
  const sent = Object.keys(components.messages).filter((name) => !received.includes(name));
  return { received, sent };
}

function contents({ components }: AsyncApiDocument, names: string[]): string {
  const links = names.map(
    (name) => `<a href="#${name}">${escapeHtml(components.messages[name]?.title ?? name)}</a>`,
  );
  return `<p class="contents">${links.join('\n')}</p>`;
}

function frame(document: AsyncApiDocument, name: string): string {
  const { messages, schemas } = document.components;
  const message = messages[name];
  if (!message) throw new TypeError(`The document has no message "${name}".`);
  const examples = message.examples.map(
    ({ payload }) =>
      `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(payload, null, 2))}</code></pre>`,
  );
  return `<section id="${name}">
<h3>${escapeHtml(message.title)}</h3>
<p>${inlineHtml(message.summary)}</p>
${answers(document, name)}
${examples.join('\n')}
${fieldTable(schemas[nameOf(message.payload)] ?? {})}
${message.description ? blockHtml(message.description) : ''}
</section>`;
}

function answers({ operations, components }: AsyncApiDocument, name: string): string {
  const reply = operations[name]?.reply;
  if (!reply) return '';
  const links = reply.messages
    .map(nameOf)
    .map((to) => `<a href="#${to}">${escapeHtml(components.messages[to]?.title ?? to)}</a>`);
  return `<p>Answered by ${links.join(' or ')}.</p>`;
}

function fieldTable(schema: JsonSchema): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return tableHtml(
    ['field', 'type', '', 'meaning'],
    fields.map(([field, type]) => [
      `\`${field}\``,
      typeName(type),
      required.includes(field) ? 'required' : 'optional',
      typeof type.description === 'string' ? type.description : '',
    ]),
  );
}

function typeName(type: JsonSchema): string {
  if ('const' in type) return `\`${JSON.stringify(type.const)}\``;
  if (Array.isArray(type.enum)) return 'one of the codes below';
  if (type.type !== 'array') return String(type.type);
  const { properties } = (type.items ?? {}) as JsonSchema;
  return `array of \`{ ${Object.keys(properties ?? {}).join(', ')} }\``;
}
