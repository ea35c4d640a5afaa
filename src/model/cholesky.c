#include "model/cholesky.h"

#include <math.h>

double dot_product(const double *a, const double *b, size_t count) {
    double parts[4] = {0, 0, 0, 0}, rest = 0;
    size_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (int k = 0; k < 4; k++)
            parts[k] += a[i + (size_t)k] * b[i + (size_t)k];
    for (; i < count; i++)
        rest += a[i] * b[i];
    return (parts[0] + parts[1]) + (parts[2] + parts[3]) + rest;
}

void cholesky_factor(double *matrix, size_t size) {
    const double smallest = 1e-12;
    for (size_t i = 0; i < size; i++) {
        double *row = matrix + i * size;
        for (size_t k = 0; k < i; k++) {
            const double *other = matrix + k * size;
            row[k] = (row[k] - dot_product(row, other, k)) / other[k];
        }
        double pivot = row[i] - dot_product(row, row, i);
        row[i] = sqrt(pivot > smallest ? pivot : smallest);
    }
}

double cholesky_log_determinant(const double *factor, size_t size) {
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += log(factor[i * size + i]);
    return 2 * sum;
}

void cholesky_forward(const double *factor, size_t size, double *vector) {
    for (size_t i = 0; i < size; i++)
        vector[i] = (vector[i] - dot_product(factor + i * size, vector, i)) / factor[i * size + i];
}

/* Sets row i of `columns` to column i of the inverse of the factor, from the diagonal on. */
static void invert_factor(const double *factor, size_t size, double *columns) {
    for (size_t i = 0; i < size; i++) {
        double *column = columns + i * size;
        column[i] = 1 / factor[i * size + i];
        for (size_t k = i + 1; k < size; k++)
            column[k] = -dot_product(factor + k * size + i, column + i, k - i) / factor[k * size + k];
    }
}

void cholesky_invert(double *matrix, size_t size, double *work) {
    invert_factor(matrix, size, work);
    for (size_t i = 0; i < size; i++)
        for (size_t k = i; k < size; k++)
            matrix[i * size + k] = matrix[k * size + i] =
                dot_product(work + i * size + k, work + k * size + k, size - k);
}
