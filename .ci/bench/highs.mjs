// node highs.mjs FILE [SECONDS [METHOD]]: HiGHS, compiled to WebAssembly, on the linear program,
// with costs in nats. instance.h describes the file and the line it prints. METHOD is a list
// OPTION=VALUE,... of HiGHS, presolve=off unless given: presolve takes far longer than the dual
// simplex does here.
//
// The model goes in as sparse arrays, which the package takes since 1.15; no text is written or
// parsed. WebAssembly has one thread and at most 2 GB; natively HiGHS is faster than here.
//
// The solver runs in a thread of its own, so that the limit of time ends it wherever it is. The
// limit begins when the package is loaded; loading is in no stage.
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import loadHighs from "highs";

const stages = ["read", "build", "solve"];

// Malformed is a file that is no instance; its message is a clause that follows the file's name.
class Malformed extends Error {}

// readInstance reads and checks a whole file. Costs are doubles: those beyond 2^53 are refused.
function readInstance(path) {
	let bytes;
	try {
		const file = openSync(path, "r");
		bytes = new Uint8Array(fstatSync(file).size);
		for (let at = 0; at < bytes.length; ) {
			const got = readSync(file, bytes, at, Math.min(bytes.length - at, 1 << 28), at);
			if (got === 0) break;
			at += got;
		}
		closeSync(file);
	} catch {
		throw new Malformed("it can't be read");
	}
	const view = new DataView(bytes.buffer);
	const need = (end) => {
		if (end > bytes.length) throw new Malformed("it ends too early");
	};
	const int64 = (at) => {
		const v = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
		if (!Number.isSafeInteger(v)) throw new Malformed("a number is beyond 2^53");
		return v;
	};
	need(16);
	if (String.fromCharCode(...bytes.subarray(0, 8)) !== "STINTF1\n") {
		throw new Malformed("it doesn't begin with STINTF1");
	}
	const m = view.getInt32(8, true), n = view.getInt32(12, true);
	if (m < 1 || n < 1) throw new Malformed("it has no rows or no columns");
	let at = 16 + 8 * (m + n);
	need(at + m * n);
	const amounts = new Float64Array(m + n);
	let sum = 0n;
	for (let i = 0; i < m + n; i++) {
		amounts[i] = int64(16 + 8 * i);
		if (amounts[i] < 0) throw new Malformed(`a ${i < m ? "supply" : "demand"} is negative`);
		sum += BigInt(i < m ? amounts[i] : -amounts[i]);
	}
	if (sum !== 0n) throw new Malformed("the supplies and the demands have different sums");
	const count = new Uint8Array(m * n);
	const cost = new Float64Array(Math.floor((bytes.length - at - m * n) / 8));
	let filled = 0;
	for (let e = 0; e < m * n; e++) {
		need(at + 1);
		const k = (count[e] = bytes[at++]);
		need(at + 8 * k);
		if (filled + k > cost.length) throw new Malformed("it ends too early");
		for (let j = 0; j < k; j++, at += 8, filled++) {
			cost[filled] = int64(at);
			if (j > 0 && cost[filled] < cost[filled - 1]) {
				throw new Malformed("the costs of an entry decrease");
			}
		}
	}
	if (at !== bytes.length) throw new Malformed("it has bytes after its end");
	return { m, n, amounts, count, cost };
}

// eachArc calls f(row, column, cost, capacity) for every run of equal costs of an entry.
function eachArc({ m, n, count, cost }, f) {
	let at = 0;
	for (let c = 0; c < n; c++) {
		for (let o = 0; o < m; o++) {
			for (const end = at + count[c * m + o]; at < end; ) {
				const first = at;
				while (at < end && cost[at] === cost[first]) at++;
				f(o, c, cost[first], at - first);
			}
		}
	}
}

// program is the instance as a linear program: a variable an arc, an equality a row and a column.
function program(instance) {
	const { m, n, amounts } = instance;
	let arcs = 0;
	eachArc(instance, () => arcs++);
	const colCost = new Float64Array(arcs), colUpper = new Float64Array(arcs);
	const starts = new Int32Array(arcs + 1), indices = new Int32Array(2 * arcs);
	let i = 0;
	eachArc(instance, (o, c, cost, capacity) => {
		colCost[i] = cost / 2 ** 36;
		colUpper[i] = capacity;
		indices[2 * i] = o;
		indices[2 * i + 1] = m + c;
		starts[++i] = 2 * i;
	});
	const values = new Float64Array(2 * arcs).fill(1);
	return {
		numCols: arcs, numRows: m + n,
		colCost, colLower: new Float64Array(arcs), colUpper,
		rowLower: amounts, rowUpper: amounts,
		matrix: { format: "csc", numRows: m + n, numCols: arcs, starts, indices, values },
	};
}

// objective is the cost of the solution in units of 2^-36 nat: exact where the solution is whole,
// which vertices are, and the peer's own sum otherwise.
function objective(model, nats) {
	if (nats.length === 0) return "0";
	const x = model.getSolution().colValue;
	let sum = 0n;
	for (let i = 0; i < nats.length; i++) {
		const whole = Math.round(x[i]);
		if (!(Math.abs(x[i] - whole) < 1e-6)) return String(model.getObjectiveValue() * 2 ** 36);
		if (whole !== 0) sum += BigInt(whole) * BigInt(nats[i] * 2 ** 36);
	}
	return String(sum);
}

// outcome is the status in the line. No program is unbounded. One without arcs is solved only if
// nothing is to be shipped; HiGHS doesn't tell.
function outcome(model, { optimal, infeasible, unboundedOrInfeasible }, { numCols, rowLower }) {
	if (numCols === 0) return rowLower.every((v) => v === 0) ? "optimal" : "infeasible";
	const found = model.getModelStatus();
	if (found === optimal) return "optimal";
	return found === infeasible || found === unboundedOrInfeasible ? "infeasible" : "failed";
}

// work runs in the solver's thread; it posts the end of each stage and the outcome.
async function work({ file, method }) {
	const highs = await loadHighs();
	parentPort.postMessage({ begun: true, version: highs.version.string });
	let began = performance.now();
	const next = (stage) => {
		const now = performance.now();
		parentPort.postMessage({ stage, seconds: (now - began) / 1000 });
		began = performance.now();
	};
	try {
		let instance = readInstance(file);
		next("read");
		const data = program(instance);
		instance = null;
		const model = highs.createModel(data);
		model.options.set("output_flag", false);
		for (const option of (method || "presolve=off").split(",")) {
			const [name, value] = option.split("=");
			model.options.set(name, isNaN(value) ? value : Number(value));
		}
		next("build");
		model.run();
		next("solve");
		const status = outcome(model, highs.constants.modelStatus, data);
		const cost = status === "optimal" ? objective(model, data.colCost) : "";
		parentPort.postMessage({ status, objective: cost });
	} catch (e) {
		const key = e instanceof Malformed ? "malformed" : "fault";
		parentPort.postMessage({ [key]: e.message ?? String(e) });
	}
}

// peakMB is the most memory this process has had resident.
function peakMB() {
	const [, kB] = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [0, 0];
	return Math.round(kB / 102.4) / 10;
}

// lead starts the solver's thread, keeps the limit and prints the one line.
function lead([file, limit, method]) {
	const spent = {};
	let version = "", running = performance.now(), done = false;
	const finish = (status, cost = "") => {
		if (done) return;
		done = true;
		const stage = stages.find((s) => spent[s] === undefined);
		if (status === "timeout") spent[stage] = (performance.now() - running) / 1000;
		const line = { solver: "highs", version, objective: cost };
		for (const s of stages) line[s + "_seconds"] = Math.round(1e6 * (spent[s] ?? 0)) / 1e6;
		writeSync(1, JSON.stringify({ ...line, peak_mb: peakMB(), status }) + "\n");
		process.exit(0);
	};
	const failed = (why) => {
		if (!done) console.error(`highs: ${why}`);
		finish("failed");
	};
	const worker = new Worker(new URL(import.meta.url), { workerData: { file, method } });
	worker.on("error", failed);
	worker.on("exit", () => failed("its thread ended early"));
	worker.on("message", (got) => {
		if (got.begun) {
			version = got.version;
			running = performance.now();
			if (limit > 0) setTimeout(finish, 1000 * Math.min(limit, 1e6), "timeout");
		} else if (got.stage) {
			spent[got.stage] = got.seconds;
			running = performance.now();
		} else if (got.malformed) {
			console.error(`highs: ${file} is not an instance: ${got.malformed}.`);
			process.exit(2);
		} else if (got.fault) {
			failed(got.fault);
		} else {
			finish(got.status, got.objective);
		}
	});
}

if (!isMainThread) {
	await work(workerData);
} else if (![3, 4, 5].includes(process.argv.length) || !((process.argv[3] ?? 0) >= 0)) {
	console.error("usage: node highs.mjs FILE [SECONDS [METHOD]]");
	process.exit(2);
} else {
	lead(process.argv.slice(2));
}
