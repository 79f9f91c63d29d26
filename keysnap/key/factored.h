/*
 * factored.h - when RSA moduli of a size were first factored in public.
 *
 * RSA-129 (426 bits) April 1994; RSA-155 (512 bits) 22 August 1999, Cavallar
 * and others, EUROCRYPT 2000; RSA-160 (530 bits) 1 April 2003, Franke and
 * others; RSA-576 3 December 2003, the same (MathWorld headline news of 5
 * December 2003); RSA-200 (663 bits) 9 May 2005, before the smaller RSA-640 in
 * November; RSA-768 12 December 2009, Kleinjung and others, CRYPTO 2010;
 * RSA-240 (795 bits) 2 December 2019 and RSA-250 (829 bits) 28 February 2020,
 * Boudot and others, CRYPTO 2020.  None of 1024 bits was.
 *
 * In secret it may have been done before, and with money: the months say only
 * what everybody could know.
 */
#ifndef KEYSNAP_KEY_FACTORED_H
#define KEYSNAP_KEY_FACTORED_H

/* The month in which a modulus of so many bits, or of more, was first
 * factored, as "1999-08"; NULL: none was. */
const char *factored_since(unsigned bits);

#endif
