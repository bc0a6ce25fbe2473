// What KafkaJS does, a test each: its package holds none of its own.
//
// node driver.js BOOTSTRAP [NAME ...] runs the tests of these names, or all. Each prints
// `PASS name` or `FAIL name: why`.

'use strict';

const { open } = require('./harness');

const tests = { ...require('./records'), ...require('./administration') };
const only = process.argv.slice(3);

function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes too long')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function main() {
  for (const [name, test] of Object.entries(tests)) {
    const plain = name.replace(/,/g, '');
    if (only.length && !only.includes(plain)) continue;
    try {
      await within(60000, test());
      console.log(`PASS ${plain}`);
    } catch (error) {
      console.log(`FAIL ${plain}: ${String(error.message).replace(/\s+/g, ' ')}`);
    }
    const clients = open.splice(0);
    await within(15000, Promise.allSettled(clients.map(client => client.disconnect()))).catch(() => {});
  }
  process.exit(0);
}

main();
