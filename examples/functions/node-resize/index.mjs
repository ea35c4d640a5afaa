// An example handler for Node.js: makes a small picture from a large one, channel by channel. It uses one core.
const SIDE = 1200;
const source = Uint8ClampedArray.from({ length: SIDE * SIDE * 4 }, (_, i) => (i * 31) & 255);

function shrink(factor) {
    const side = Math.floor(SIDE / factor);
    const small = new Uint8ClampedArray(side * side * 4);
    for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
            for (let channel = 0; channel < 4; channel++) {
                let sum = 0;
                for (let dy = 0; dy < factor; dy++)
                    for (let dx = 0; dx < factor; dx++)
                        sum += source[((y * factor + dy) * SIDE + x * factor + dx) * 4 + channel];
                small[(y * side + x) * 4 + channel] = sum / (factor * factor);
            }
    return small;
}

export async function handler(event) {
    const factor = event?.factor ?? 4;
    const small = shrink(factor);
    console.log('resized', { factor, bytes: small.length });
    return { factor, bytes: small.length, first: small[0] };
}
