// Starts a function as Lambda does and tells how long it took. All times are from the start of
// the process, in milliseconds.
const tls = require('node:tls');

const [, , bundle, event] = process.argv;

// AWS's names lead to this machine. The certificate is trusted by NODE_EXTRA_CA_CERTS.
const connect = tls.connect;
tls.connect = (options, ...rest) =>
  connect({ ...options, host: '127.0.0.1', port: Number(process.env.BENCH_AWS_PORT) }, ...rest);

async function main() {
  const began = performance.now();
  const { handler } = require(bundle);
  const ready = performance.now();
  const answer = await handler(JSON.parse(event), {
    awsRequestId: 'bench',
    getRemainingTimeInMillis: () => 29_000,
  });
  const answered = performance.now();
  const { user, system } = process.cpuUsage();
  if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer));
  // Handlers log by console.info; the last line is this one.
  console.log(JSON.stringify({ began, ready, answered, cpu: (user + system) / 1_000 }));
  process.exit(0);
}

void main();
