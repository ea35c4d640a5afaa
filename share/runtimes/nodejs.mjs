// A small Node.js runtime for pt-local: runs the handler that _HANDLER names ("file.function") with the Lambda Runtime API, in
// the same way as Lambda's managed runtime runs ordinary handlers: async, with a callback, or streaming; ES modules and CommonJS.
import { Agent, request } from 'node:http';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 2 });
const base = '/2018-06-01/runtime';
const asJson = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const STREAMING = Symbol('streaming');
let requestId = '';

// ---- the Runtime API ----

function call(method, path, body, headers = {}) {
    return new Promise((done, fail) => {
        const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
        const outgoing = request({ host, port, agent, method, path: base + path, headers: { ...headers, ...length } }, (answer) => {
            const chunks = [];
            answer.on('data', (chunk) => chunks.push(chunk));
            answer.on('end', () => done({ headers: answer.headers, body: Buffer.concat(chunks).toString() }));
        });
        outgoing.on('error', fail);
        outgoing.end(body);
    });
}

function describe(error) {
    const isError = error instanceof Error;
    return {
        errorType: isError ? error.name : typeof error,
        errorMessage: isError ? error.message : String(error),
        trace: isError && error.stack ? error.stack.split('\n') : [],
    };
}

function sendError(path, error) {
    const described = describe(error);
    return call('POST', path, JSON.stringify(described), {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Function-Error-Type': described.errorType,
    });
}

// ---- the log, in Lambda's two formats ----

function log(level, values) {
    const timestamp = new Date().toISOString();
    const message = values.length === 1 && asJson && typeof values[0] === 'object' ? values[0] : format(...values);
    process.stdout.write(asJson
        ? JSON.stringify({ timestamp, level, requestId, message }) + '\n'
        : `${timestamp}\t${requestId || 'undefined'}\t${level}\t${message.replaceAll('\n', '\r')}\n`);
}

const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
for (const [name, level] of Object.entries(levels))
    console[name] = (...values) => log(level, values);

// ---- the handler ----

function named(type, message) {
    const error = new Error(message);
    error.name = type;
    return error;
}

async function loadHandler() {
    const root = process.env.LAMBDA_TASK_ROOT;
    const [, file, name] = /^(.*)\.([^.]*)$/.exec(process.env._HANDLER) ?? [];
    if (!file)
        throw named('Runtime.MalformedHandlerName', `Bad handler '${process.env._HANDLER}'`);
    const path = ['', '.js', '.mjs', '.cjs'].map((end) => resolve(join(root, file + end))).find((path) => existsSync(path));
    if (!path)
        throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
    let module;
    try {
        module = await import(pathToFileURL(path));
    } catch (error) {
        throw named(error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError', String(error?.stack ?? error));
    }
    const handler = module[name] ?? module.default?.[name];
    if (typeof handler !== 'function')
        throw named('Runtime.HandlerNotFound', `${process.env._HANDLER} is undefined or not exported`);
    return handler;
}

function contextOf(headers) {
    const deadline = Number(headers['lambda-runtime-deadline-ms']);
    const client = headers['lambda-runtime-client-context'];
    return {
        callbackWaitsForEmptyEventLoop: true,
        functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
        memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
        clientContext: client ? JSON.parse(client) : undefined,
        identity: undefined,
        invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
        awsRequestId: requestId,
        getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
    };
}

// Called when the event loop becomes empty.
let whenEmpty;

process.on('beforeExit', () => {
    const act = whenEmpty;
    whenEmpty = undefined;
    if (act)
        setImmediate(act);
});

// The response is the same as in Lambda's runtime: the value of a promise as soon as it is settled; the value that was given to the
// callback, when the event loop is empty (unless the context says not to wait); and null if the event loop becomes empty without
// either. There is one difference: if the handler returns another value, Lambda's response is null; here it is that value, because
// this is what the author meant.
function run(handler, event, context) {
    return new Promise((done, fail) => {
        const finish = (error, value) => {
            whenEmpty = undefined;
            if (error === undefined || error === null)
                done(value);
            else
                fail(error);
        };
        const callback = (error, value) => {
            if ((error === undefined || error === null) && context.callbackWaitsForEmptyEventLoop)
                whenEmpty = () => done(value);
            else
                finish(error, value);
        };
        Object.assign(context, { done: finish, succeed: (value) => finish(null, value), fail: (error) => finish(error ?? 'null') });
        whenEmpty = () => done(null);
        const value = handler(event, context, callback);
        if (typeof value?.then === 'function')
            value.then((settled) => finish(null, settled), (error) => finish(error ?? 'null'));
        else if (value !== undefined && handler.length < 3)
            whenEmpty = () => done(value);
    }).finally(() => (whenEmpty = undefined));
}

globalThis.awslambda = {
    streamifyResponse(handler) {
        handler[STREAMING] = true;
        return handler;
    },
};

function stream(handler, event, context) {
    return new Promise((done, fail) => {
        const path = `${base}/invocation/${requestId}/response`;
        const headers = { 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked' };
        const outgoing = request({ host, port, agent, method: 'POST', path, headers }, (answer) => answer.resume().on('end', done));
        outgoing.setContentType = (type) => outgoing.setHeader('Content-Type', type);
        outgoing.on('error', fail);
        Promise.resolve(handler(event, outgoing, context)).then(() => outgoing.end(), fail);
    });
}

async function serve(handler) {
    const { headers, body } = await call('GET', '/invocation/next');
    requestId = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    const context = contextOf(headers);
    try {
        if (handler[STREAMING]) {
            await stream(handler, JSON.parse(body), context);
        } else {
            const value = await run(handler, JSON.parse(body), context);
            await call('POST', `/invocation/${requestId}/response`, JSON.stringify(value) ?? 'null');
        }
    } catch (error) {
        log('ERROR', ['Invoke Error', JSON.stringify(describe(error))]);
        await sendError(`/invocation/${requestId}/error`, error);
    }
}

async function fatal(type, reason) {
    const error = named(type, String(reason?.message ?? reason));
    log('ERROR', ['Uncaught Exception', JSON.stringify(describe(error))]);
    await sendError(requestId ? `/invocation/${requestId}/error` : '/init/error', error);
    process.exit(1);
}

process.on('uncaughtException', (error) => fatal('Runtime.UnhandledException', error));
process.on('unhandledRejection', (error) => fatal('Runtime.UnhandledPromiseRejection', error));

let handler;
try {
    handler = await loadHandler();
} catch (error) {
    log('ERROR', ['Uncaught Exception', JSON.stringify(describe(error))]);
    await sendError('/init/error', error);
    process.exit(1);
}
for (;;)
    await serve(handler);
