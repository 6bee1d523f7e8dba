package core

func init() { checkSlack = 5 }
