/* Symmetric positive definite matrices of moderate size, as products of a lower triangle and its transpose.
 * Matrices are square, row by row, `size` numbers a row; what is above the diagonal is neither read nor
 * written. Source: G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th edition, section 4.2. */
#ifndef MODEL_CHOLESKY_H
#define MODEL_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* The sum of the products, in four parts that a processor can add up side by side. */
double dot_product(const double *a, const double *b, size_t count);

/* Replaces the lower half of `matrix` by its factor. A pivot that is not positive, as rounding makes it in a
 * matrix that is nearly singular, counts as the smallest that is. */
void cholesky_factor(double *matrix, size_t size);

/* Twice the sum of the logs of the diagonal: the log of the determinant of what was factored. */
double cholesky_log_determinant(const double *factor, size_t size);

/* Solves factor * x = vector, in place. */
void cholesky_forward(const double *factor, size_t size, double *vector);

/* Replaces the factor by the inverse of what was factored, both halves of it. `work` is as large. */
void cholesky_invert(double *matrix, size_t size, double *work);

#endif
