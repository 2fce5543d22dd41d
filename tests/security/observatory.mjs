// What MDN's HTTP Observatory gives for answers that were recorded: its own tests and its own sum, without its way to the Internet.
//
//     node observatory.mjs NODE_MODULES < {"host": …, "page": {"status", "headers", "body"}, "route": [{"url", "status"}], "cors": {…}}

import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const part = (path) => import(pathToFileURL(`${modules}/${path}`));
const read = fs.readFileSync;
// The list of hosts of which browsers know beforehand is downloaded at installation, and no host of these tests is on it.
fs.readFileSync = (path, ...rest) => (String(path).endsWith("hsts-preload.json") ? "{}" : read(path, ...rest));

const observatory = "@mdn/mdn-http-observatory/src";
const { ALL_TESTS } = await part(`${observatory}/constants.js`);
const { Requests } = await part(`${observatory}/types.js`);
const { getGradeForScore, getScoreModifier } = await part(`${observatory}/grader/grader.js`);
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await part(`${observatory}/grader/charts.js`);
const { parseHttpEquivHeaders } = await part(`${observatory}/retriever/utils.js`);
const require = createRequire(`${modules}/`);
const { AxiosHeaders } = require("axios");
const { CookieJar } = require("tough-cookie");

const { host, page, route, cors } = JSON.parse(read(0, "utf8"));
const url = `https://${host}/`;
const answered = ({ status, headers }) => ({ status, headers: new AxiosHeaders(headers), request: { headers: new AxiosHeaders() }, verified: true });
const requests = new Requests(host);
const answer = answered(page);
answer.httpEquiv = parseHttpEquivHeaders(page.body, url);
const redirects = route.map((each) => ({ url: new URL(each.url), status: each.status }));
Object.assign(requests.responses, { auto: answer, http: answer, https: answer, httpRedirects: redirects, httpsRedirects: redirects, cors: answered(cors) });
requests.resources.path = page.body;
const jar = new CookieJar();
for (const cookie of page.headers["set-cookie"] ?? []) jar.setCookieSync(cookie, url);
requests.session = { jar, url: new URL(url), redirectHistory: redirects };

// As its scanner sums up: what is given on top counts only where nothing much is taken away.
const results = ALL_TESTS.map((test) => test(requests));
const modifiers = results.map((each) => getScoreModifier(each.result));
const taken = modifiers.filter((each) => each < 0).reduce((sum, each) => sum + each, 100);
const all = modifiers.reduce((sum, each) => sum + each, 100);
const { score, grade } = getGradeForScore(taken >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : taken);
const tests = Object.fromEntries(results.map((each, number) => [each.constructor.name, [each.result, modifiers[number]]]));
console.log(JSON.stringify({ score, grade, tests }));
