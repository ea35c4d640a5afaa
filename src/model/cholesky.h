/* Cholesky decomposition of symmetric positive definite matrices of moderate size: the product of a lower
 * triangular matrix (the factor) and its transpose. Matrices are stored row by row, with `size` numbers in
 * each row. The part above the diagonal is neither read nor written, except by cholesky_invert. Source: G. H.
 * Golub and C. F. Van Loan, "Matrix Computations", 4th edition, section 4.2. */
#ifndef MODEL_CHOLESKY_H
#define MODEL_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* The dot product of two vectors of `count` numbers. Sums four parts in parallel; the order of additions is
 * fixed. */
double dot_product(const double *a, const double *b, size_t count);

/* Replaces the lower half of `matrix` by its factor. A pivot that rounding makes zero or negative, in a
 * nearly singular matrix, is replaced by a small positive one. */
void cholesky_factor(double *matrix, size_t size);

/* The log of the determinant of the factored matrix. */
double cholesky_log_determinant(const double *factor, size_t size);

/* Solves factor * x = vector, in place. */
void cholesky_forward(const double *factor, size_t size, double *vector);

/* Replaces the factor by the inverse of the factored matrix, both halves. `work` has space for size x size
 * numbers. */
void cholesky_invert(double *matrix, size_t size, double *work);

#endif
