module chancery/verifier

go 1.19
