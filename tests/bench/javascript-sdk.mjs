// Invokes a function N times, 50 at once, with the AWS SDK for JavaScript: node javascript-sdk.mjs ENDPOINT N
import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';

const [endpoint, count] = [process.argv[2], Number(process.argv[3])];
const client = new LambdaClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
});
let left = count;
const worker = async () => {
    while (left-- > 0) {
        await client.send(new InvokeCommand({ FunctionName: 'f', Qualifier: '1', Payload: '{}', LogType: 'Tail' }));
    }
};
await Promise.all(Array.from({ length: 50 }, worker));
