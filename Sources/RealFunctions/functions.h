// The functions of the C library's `math.h` that figures are made with, declared here once, so that no
// other module names a platform. They are the system's own: there is nothing between them and their callers.
#pragma once

double exp(double x);
double exp2(double x);
double log(double x);
double log2(double x);
double log10(double x);
double log1p(double x);
double pow(double x, double y);
double sin(double x);
double cos(double x);
double atan(double x);
double erfc(double x);
